%% @doc Failures of files and of programs that are started: what the operating system reports, as exceptions.
-module(beamtalk_file_error).

-export([new/3, result/3]).

%% @doc The exception for a reason of module `file'. `Action' continues "cannot".
-spec new(atom(), unicode:chardata(), term()) -> beamtalk_error:exception().
new(Selector, Action, Reason) ->
    Message = [<<"cannot ">>, Action, <<": ">>, text(Reason)],
    beamtalk_error:new(kind(Reason), beamtalk_print:text(Message), #{
        selector => Selector, errorClass => 'File', hint => hint(Reason), details => #{reason => Reason}
    }).

%% @doc The Result of what a function of module `file' answered. `Action' is evaluated only for a failure.
-spec result(atom(), fun(() -> unicode:chardata()), ok | {ok, term()} | {error, term()}) ->
    beamtalk_result:result().
result(_, _, ok) -> beamtalk_result:ok(nil);
result(_, _, {ok, Value}) -> beamtalk_result:ok(Value);
result(Selector, Action, {error, Reason}) -> beamtalk_result:error(new(Selector, Action(), Reason)).

kind(enoent) -> file_not_found;
kind(eacces) -> permission_denied;
kind(eperm) -> permission_denied;
kind(erofs) -> permission_denied;
kind(eexist) -> already_exists;
kind(eisdir) -> is_a_directory;
kind(enotdir) -> not_a_directory;
kind(enotempty) -> directory_not_empty;
kind(enospc) -> no_space;
kind(edquot) -> no_space;
kind(closed) -> handle_closed;
kind(not_owner) -> not_owner;
kind(wrong_mode) -> wrong_mode;
kind(badarg) -> invalid_argument;
kind(einval) -> invalid_argument;
kind(_) -> io_error.

text(closed) -> <<"the handle is closed">>;
text(not_owner) -> <<"the handle belongs to another process">>;
text(wrong_mode) -> <<"the file was not opened for that">>;
text(badarg) -> <<"no path can have the character 0">>;
text(eexist) -> <<"it exists already">>;
text(enotempty) -> <<"the directory is not empty">>;
text({exit_status, Status}) ->
    io_lib:format("it ended at once with status ~b; the environment may be too large", [Status]);
text({errno, Number}) -> io_lib:format("error number ~b of the operating system", [Number]);
text(killed) -> <<"the process that ran it was killed">>;
text(timeout) -> <<"it did not start in time">>;
text(Reason) -> file:format_error(Reason).

hint(enoent) -> <<"check the path; 'File cwd' answers where relative paths start">>;
hint(eacces) -> <<"check who may do that, and that all directories of the path may be entered">>;
hint(closed) -> <<"use the handle before 'close', or within the block of 'open:do:'">>;
hint(not_owner) -> <<"open the file in the process that uses it">>;
hint(wrong_mode) -> <<"open it with the mode #read, #write, #append or #readWrite that fits">>;
hint(_) -> nil.
