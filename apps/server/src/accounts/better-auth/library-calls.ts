/** What of the library we ask, in the shapes in which we ask it: its own types take a minute to check. */
export interface LibraryCalls {
  signInEmail: Call<{ email: string; password: string }, SignedIn | SecondStep>;
  verifyTOTP: Call<{ code: string; trustDevice?: boolean }, SignedIn>;
  verifyBackupCode: Call<{ code: string; trustDevice?: boolean }, SignedIn>;
  enableTwoFactor: Call<{ password?: string }, { totpURI: string; backupCodes: string[] }>;
  disableTwoFactor: Call<{ password?: string }, unknown>;
  generateBackupCodes: Call<{ password?: string }, { backupCodes: string[] }>;
  generatePasskeyRegistrationOptions: Call<undefined, Record<string, unknown>>;
  verifyPasskeyRegistration: Call<{ response: unknown; name: string }, { id: string }>;
  generatePasskeyAuthenticationOptions: Call<undefined, Record<string, unknown>>;
  verifyPasskeyAuthentication: Call<{ response: unknown }, { session: { token: string; userId: string } }>;
  signInSocial: Call<StartElsewhere & { requestSignUp?: boolean }, { url: string }>;
  linkSocialAccount: Call<StartElsewhere, { url: string }>;
  callbackOAuth(question: {
    method: 'GET';
    params: { id: string };
    query: Record<string, string>;
    headers: Headers;
    asResponse: true;
  }): Promise<Response>;
  changePassword: Call<
    { currentPassword: string; newPassword: string; revokeOtherSessions: boolean },
    { token: string | null }
  >;
  setPassword: Call<{ newPassword: string }, unknown>;
  verifyPassword: Call<{ password: string }, unknown>;
  requestPasswordReset: Call<{ email: string }, unknown>;
  resetPassword: Call<{ token: string; newPassword: string }, unknown>;
  sendVerificationEmail: Call<{ email: string }, unknown>;
  verifyEmail(question: { query: { token: string }; headers: Headers }): Promise<unknown>;
  unlinkAccount: Call<{ accountId: string }, unknown>;
}

type Call<Body, Answer> = (question: {
  body: Body;
  headers: Headers;
  returnHeaders: true;
}) => Promise<{ headers: Headers; response: Answer }>;

interface SignedIn {
  token: string;
}

interface SecondStep {
  twoFactorRedirect: true;
}

interface StartElsewhere {
  provider: 'github';
  callbackURL: string;
  errorCallbackURL: string;
  scopes?: string[];
  disableRedirect: true;
  additionalData?: Record<string, string>;
}
