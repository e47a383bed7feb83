"""A token by which a reader signs on to the discussion. Python 3.8 or later, without dependencies."""

import base64
import hashlib
import hmac
import json
import os
import secrets
import sys
import time


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def rejoinder_token(reader: dict, secret: str, iss: str, aud: str) -> str:
    """A token about a reader: HS256, good for once and for five minutes."""
    now = int(time.time())
    claims = {**reader, "iss": iss, "aud": aud, "iat": now, "exp": now + 300, "jti": secrets.token_urlsafe(16)}
    header = {"alg": "HS256", "typ": "JWT"}
    message = _encode(json.dumps(header).encode()) + "." + _encode(json.dumps(claims).encode())
    signature = hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest()
    return message + "." + _encode(signature)


# In Django, for instance:
#
#   @login_required
#   @never_cache
#   def token(request):
#       reader = {"sub": str(request.user.pk), "name": request.user.get_full_name()}
#       return JsonResponse({"token": rejoinder_token(reader, **settings.REJOINDER)})

# to try it: REJOINDER_SECRET=... REJOINDER_ISS=... REJOINDER_AUD=... python3 sign_on.py '{"sub": "4711", "name": "Ann"}'
if __name__ == "__main__":
    settings = {name: os.environ["REJOINDER_" + name.upper()] for name in ("secret", "iss", "aud")}
    print(rejoinder_token(json.loads(sys.argv[1]), **settings))
