/** Every route below `/api/` that lets in whoever asks, and why that must be. */
export const publicRoutes: Readonly<Record<string, string>> = {
  'GET /api/v1/session': 'says that nobody is signed in, which only somebody without a session needs to know',
  'POST /api/v1/session': 'is where one signs in',
  'DELETE /api/v1/session': 'takes a dead cookie away as well',
  'POST /api/v1/setup': 'is opened by the one-time link in its body',
  'POST /api/v1/session/second-factor': 'is the second half of signing in; a cookie says which',
  'POST /api/v1/session/passkey/options': 'begins signing in by passkey',
  'POST /api/v1/session/passkey': 'is where one signs in by passkey',
  'POST /api/v1/session/github': 'begins signing in by GitHub',
  'GET /api/v1/auth/callback/github': 'is where GitHub sends a browser back to; a cookie says who began',
  'GET /api/v1/auth/callback/github/connection':
    'is where GitHub sends a browser back to after a grant; a cookie and the state say who began, and they must still be signed in',
  'GET /api/v1/github-app/return': 'is where GitHub sends a browser back to with a new App; likewise',
  'GET /api/v1/github-app/installed': 'only leads on to a page of ours; whatever it says proves nothing',
  'POST /api/v1/password-reset': 'is for those who cannot sign in; the answer is the same for every address',
  'POST /api/v1/password-reset/confirm': 'is opened by the mailed link in its body',
  'POST /api/v1/email-confirmation': 'is opened by the mailed link in its body',
  'POST /api/v1/devices/pairings': 'begins pairing a device, which is nobody yet',
  'POST /api/v1/devices/tokens': 'is opened by the code of the device in its body',
  'POST /api/v1/devices/refresh': 'is opened by the refresh token in its body',
  'POST /api/v1/devices/leave': 'is opened by the refresh token in its body',
  'POST /api/v1/invitations/look': 'is opened by the secret of the invitation in its body',
  'POST /api/v1/invitations/decline': 'is opened by the secret of the invitation in its body',
  'POST /api/v1/invitations/sign-up':
    'is where a stranger becomes somebody, by the secret of the invitation in its body',
  'GET /api/v1/privacy': 'says what is collected, before one decides to come in',
};
