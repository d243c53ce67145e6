import { ApiError } from './api-error.ts';

/** What a browser is told and tells, as the standard writes it in JSON. */
interface CredentialReader {
  parseCreationOptionsFromJSON?: (options: unknown) => PublicKeyCredentialCreationOptions;
  parseRequestOptionsFromJSON?: (options: unknown) => PublicKeyCredentialRequestOptions;
}

/** What the browser says no with, where the person can do something about it. */
const obstacles: Readonly<Record<string, string>> = {
  InvalidStateError: 'A passkey of this device is here already.',
  SecurityError: 'Passkeys here belong to another address of this DevPulse. Open it under the one it was set up for.',
};

/** Why this browser, at this address, can have no passkeys; null: it can. */
export function findPasskeyObstacle(): string | null {
  if (!window.isSecureContext)
    return 'Browsers keep passkeys for HTTPS. Open DevPulse over HTTPS, or as http://localhost on its own machine.';
  if (/^[\d.]+$|^\[/.test(location.hostname))
    return `Passkeys belong to a name, and ${location.hostname} is a number. Open DevPulse by its name, such as http://localhost:${location.port}.`;
  const reader = readReader();
  if (reader?.parseRequestOptionsFromJSON === undefined || reader.parseCreationOptionsFromJSON === undefined)
    return 'This browser is too old for passkeys.';
  return null;
}

/** Asks for a passkey; null: the person turned away. */
export async function usePasskey(options: Record<string, unknown>): Promise<unknown> {
  const publicKey = readReader()?.parseRequestOptionsFromJSON?.(options);
  if (publicKey === undefined) throw new Error('this browser has no passkeys');
  return toJson(() => navigator.credentials.get({ publicKey }));
}

/** Makes a passkey; null: the person turned away. */
export async function makePasskey(options: Record<string, unknown>): Promise<unknown> {
  const publicKey = readReader()?.parseCreationOptionsFromJSON?.(options);
  if (publicKey === undefined) throw new Error('this browser has no passkeys');
  return toJson(() => navigator.credentials.create({ publicKey }));
}

async function toJson(ask: () => Promise<Credential | null>): Promise<unknown> {
  try {
    const credential = (await ask()) as PublicKeyCredential | null;
    return credential?.toJSON() ?? null;
  } catch (error) {
    // Closed, timed out or turned down: the standard does not say which, so that pages cannot tell who has a passkey.
    if (error instanceof DOMException && error.name === 'NotAllowedError') return null;
    const detail = error instanceof DOMException ? obstacles[error.name] : undefined;
    if (detail !== undefined) throw new ApiError({ status: 409, detail, retry: false });
    throw error;
  }
}

function readReader(): CredentialReader | null {
  return 'PublicKeyCredential' in window ? (window.PublicKeyCredential as unknown as CredentialReader) : null;
}
