import { SourceRefused } from '@devpulse/contract/source-client';
import type { CredentialSource } from '../credentials.ts';
import type { Ask, Governor, Heard } from '../governor.ts';
import type { Moved } from '../moved-addresses.ts';
import { type ClientOptions, type HostClient, openSourceClient } from '../open-client.ts';

/** A client with everything written down that it did beside asking. */
export interface TestClient {
  client: HostClient;
  /** How long it would have slept. */
  slept: number[];
  moved: Moved[];
  asked: Ask[];
  heard: (Heard | null)[];
  /** Versions of the credential that it reported as refused, and as what. */
  refused: { version: number; refusal: SourceRefused }[];
}

/** Opens a client whose waits take no time; budgets are without end here, since keeping them is the governor's matter. */
export function openTestClient(
  apiUrl: string,
  options: Partial<ClientOptions> & { verdicts?: ('retry' | 'give up')[] } = {},
): TestClient {
  const { verdicts = [], ...more } = options;
  const notes: Omit<TestClient, 'client'> = { slept: [], moved: [], asked: [], heard: [], refused: [] };
  let version = 1;
  const governor: Governor = {
    take: async (ask) => {
      notes.asked.push(ask);
      return { end: async (heard) => void notes.heard.push(heard) };
    },
    states: async () => [],
  };
  const credentials: CredentialSource = {
    read: async () => ({ authorization: `Bearer token-${version}`, budget: 'host|user|1', version, expiresAt: null }),
    refused: async (refusedVersion, refusal) => {
      notes.refused.push({ version: refusedVersion, refusal });
      const verdict = verdicts.shift() ?? 'give up';
      if (verdict === 'retry') version += 1;
      return verdict;
    },
  };
  const client = openSourceClient({
    host: 'source.example',
    apiUrl,
    lane: 'history',
    credentials,
    governor,
    now: () => new Date('2031-01-01T00:00:00Z'),
    log: { info: () => undefined },
    onMoved: (moved) => void notes.moved.push(moved),
    sleep: async (ms) => void notes.slept.push(ms),
    ...more,
  });
  return { client, ...notes };
}

/** What it was refused with; throws where it was not. */
export async function refusalOf(asking: Promise<unknown>): Promise<SourceRefused> {
  const error = await asking.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof SourceRefused) return error;
  throw new Error('it was not refused', { cause: error });
}
