%% @doc Primitives of class Digest, by crypto.
-module(beamtalk_digest).

-export(['sha256:'/2, 'sha512:'/2, 'md5:'/2, 'hmacSha256:key:'/3, 'hmacSha512:key:'/3]).

-type class_object() :: beamtalk_class:class_object().

%% @doc SHA-256.
-spec 'sha256:'(class_object(), binary()) -> binary().
'sha256:'(Self, Input) -> hash(sha256, 'sha256:', Self, Input).

%% @doc SHA-512.
-spec 'sha512:'(class_object(), binary()) -> binary().
'sha512:'(Self, Input) -> hash(sha512, 'sha512:', Self, Input).

%% @doc MD5.
-spec 'md5:'(class_object(), binary()) -> binary().
'md5:'(Self, Input) -> hash(md5, 'md5:', Self, Input).

%% @doc HMAC with SHA-256.
-spec 'hmacSha256:key:'(class_object(), binary(), binary()) -> binary().
'hmacSha256:key:'(Self, Input, Key) -> hmac(sha256, 'hmacSha256:key:', Self, Input, Key).

%% @doc HMAC with SHA-512.
-spec 'hmacSha512:key:'(class_object(), binary(), binary()) -> binary().
'hmacSha512:key:'(Self, Input, Key) -> hmac(sha512, 'hmacSha512:key:', Self, Input, Key).

hash(Algorithm, _, _, Input) when is_binary(Input) -> crypto:hash(Algorithm, Input);
hash(_, Selector, Self, _) -> beamtalk_argument:wrong(Selector, Self, "the input is a String or a Binary").

hmac(Algorithm, _, _, Input, Key) when is_binary(Input), is_binary(Key) ->
    crypto:mac(hmac, Algorithm, Key, Input);
hmac(_, Selector, Self, _, _) ->
    beamtalk_argument:wrong(Selector, Self, "the input and the key are Strings or Binaries").
