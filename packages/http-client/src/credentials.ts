import type { SourceRefused } from '@devpulse/contract/source-client';

/** What a request is signed with. */
export interface Credential {
  /** The value of the header `authorization`; never logged. */
  authorization: string;
  /** Whose budget is spent, for example `github.com|user|583231`: limits are the account's, shared by all its tokens. */
  budget: string;
  /** Raised with every new token, so that whoever was refused can tell whether another process has renewed it meanwhile. */
  version: number;
  expiresAt: Date | null;
}

/** Where a client has its credential from; each request asks anew. */
export interface CredentialSource {
  /** Throws `SourceRefused` where there is none that counts. */
  read(): Promise<Credential>;
  /** Tells that this version was refused. `retry`: there is a newer one now. */
  refused(version: number, refusal: SourceRefused): Promise<'retry' | 'give up'>;
}
