-module(beamtalk_test_report_tests).

-include_lib("eunit/include/eunit.hrl").

long_messages_are_cut_test_() ->
    [
        ?_assertEqual({Name, Cut}, {Name, nomatch =/= string:find(shown(Message), "(cut: --json has all ")})
     || {Name, Cut, Message} <- [
            {short, false, <<"Expected 1, got 2">>},
            {longest, false, binary:copy(<<"x">>, 4000)},
            {long, true, binary:copy(<<"x">>, 4001)},
            {characters, true, binary:copy(<<"ü"/utf8>>, 1000000)},
            {bytes, true, binary:copy(<<255>>, 10000)}
        ]
    ] ++ [?_assert(string:length(shown(binary:copy(<<"long ">>, 1000000))) < 4200)].

shown(Message) ->
    Report = #{
        status => failed, kind => <<"assertion_failed">>, message => Message, class => <<"T">>, test => <<"testA">>,
        file => "t.bt", line => undefined
    },
    beamtalk_test_report:failures([Report]).
