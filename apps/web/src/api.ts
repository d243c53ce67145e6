import type { DemoView } from '@devpulse/contract/wire/demo';
import type { repositoryListSchema } from '@devpulse/contract/wire/machinery';
import type { Receipt } from '@devpulse/contract/wire/metrics';
import type {
  LinkOutcome,
  MeView,
  personListSchema,
  UpdateMe,
  UpdateWorkspace,
  WorkspaceView,
} from '@devpulse/contract/wire/people';
import type { SessionView, Setup } from '@devpulse/contract/wire/session';
import type {
  addSourceAnswerSchema,
  addSourceSchema,
  AuthorList,
  FolderList,
  SourceList,
  SourceView,
} from '@devpulse/contract/wire/sources';
import type { WidgetAnswer } from '@devpulse/contract/wire/widgets';
import { send } from './send-request.ts';

/** The type a schema reads or writes; the schemas themselves stay on the server. */
type Output<S extends { _output: unknown }> = S['_output'];
type Input<S extends { _input: unknown }> = S['_input'];

export type Repositories = Output<typeof repositoryListSchema>;
export type NewSource = Input<typeof addSourceSchema>;

/** Whose numbers, over which days, of which repository. */
export interface Scope {
  subject?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  resource?: string | undefined;
}

const v1 = '/api/v1';

/** Everything the screens ask of the server. */
export const api = {
  session: () => send<SessionView>('GET', `${v1}/session`),
  signOut: () => send<unknown>('DELETE', `${v1}/session`),
  switchWorkspace: (workspaceId: string) =>
    send<SessionView>('POST', `${v1}/session/workspace`, { body: { workspaceId } }),
  setUp: (body: Setup) => send<SessionView>('POST', `${v1}/setup`, { body }),

  me: () => send<MeView>('GET', `${v1}/me`),
  updateMe: (body: UpdateMe) => send<MeView>('PATCH', `${v1}/me`, { body }),
  workspace: () => send<WorkspaceView>('GET', `${v1}/workspace`),
  updateWorkspace: (body: UpdateWorkspace) => send<WorkspaceView>('PATCH', `${v1}/workspace`, { body }),
  people: (query: { search?: string; limit?: number }) =>
    send<Output<typeof personListSchema>>('GET', `${v1}/people`, { query }),
  authors: (search?: string) => send<AuthorList>('GET', `${v1}/me/authors`, { query: { search } }),
  linkIdentities: (personId: string, body: { identityIds: string[]; reason: string }) =>
    send<LinkOutcome>('POST', `${v1}/people/${personId}/identities`, { body }),

  sources: () => send<SourceList>('GET', `${v1}/sources`),
  folders: (path: string | undefined) => send<FolderList>('GET', `${v1}/folders`, { query: { path } }),
  addSource: (body: NewSource) => send<Output<typeof addSourceAnswerSchema>>('POST', `${v1}/sources`, { body }),
  changeSource: (id: string, act: 'pause' | 'resume' | 'check') =>
    send<SourceView>('POST', `${v1}/sources/${id}/${act}`),
  removeSource: (id: string) => send<unknown>('DELETE', `${v1}/sources/${id}`),
  repositories: (query: { search?: string | undefined; cursor?: string | undefined; limit?: number }) =>
    send<Repositories>('GET', `${v1}/repositories`, { query }),

  demo: () => send<DemoView>('GET', `${v1}/demo`),
  makeDemo: () => send<DemoView>('POST', `${v1}/demo`),
  removeDemo: () => send<unknown>('DELETE', `${v1}/demo`),

  widget: (id: string, query: Scope & { params?: string | undefined }, signal?: AbortSignal) =>
    send<WidgetAnswer>('GET', `${v1}/widgets/${id}`, { query: { ...query }, signal }),
  receipt: (
    metric: string,
    query: Scope & { part?: string | undefined; cursor?: string | undefined; limit?: number },
    signal?: AbortSignal,
  ) => send<Receipt>('GET', `${v1}/metrics/${metric}/receipt`, { query: { ...query }, signal }),
};

/** The address of the live channel. */
export const liveAddress = `${v1}/live`;
