import { z } from 'zod';
import { daySchema } from '../day.ts';
import { identityKinds, kindRuleFields } from '../kind-rules.ts';
import { zoneSchema } from '../zone.ts';
import { slugSchema } from './workspaces.ts';

const reasonSchema = z.string().trim().min(1).max(500).describe('Why; kept in the log and shown beside the decision');
const cursorSchema = z.string().max(500).optional().describe('`nextCursor` of the page before');
const limitSchema = z.coerce.number().int().min(1).max(200).default(50);
const searchSchema = z.string().trim().min(1).max(200).optional();
const nameSchema = z.string().trim().min(1).max(200);
const identityKindSchema = z.enum(identityKinds).meta({
  id: 'IdentityKind',
  description:
    'person: a human being. automation: a program that works by itself. agent: a program that works for a person.',
});

// Ids are compared as text as well: the store writes them in small letters, others do as they like.
const givenIdSchema = z.uuid().toLowerCase();
export const idParamsSchema = z.object({ id: givenIdSchema });
export const dayParamsSchema = z.object({ day: daySchema });

// Identities

export const identitySchema = z
  .object({
    id: z.uuid(),
    source: z.string(),
    email: z.string().nullable(),
    login: z.string().nullable(),
    name: z.string().nullable(),
    kind: identityKindSchema,
    kindSignal: z.string().describe('What said so: the rule with its reason, or a decision'),
    kindDecided: z.boolean().describe('true: somebody decided it for this identity; rules are not asked'),
    personId: z.uuid().describe('The person it stands for; its own id as long as nobody linked it'),
    linked: z.boolean(),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
  })
  .meta({ id: 'Identity' });
export type IdentityView = z.infer<typeof identitySchema>;

export const identityGroups = ['members', 'nobody', 'machines'] as const;
export type IdentityGroup = (typeof identityGroups)[number];

/** An identity as it is listed: with whom it stands for, and whether that was proved. */
export const listedIdentitySchema = identitySchema
  .extend({
    person: z
      .object({
        id: z.uuid(),
        name: z.string(),
        avatar: z.string().nullable(),
        isMember: z.boolean().describe('false: nobody has said yet which member this is, if any'),
      })
      .describe('For whom it stands'),
    proof: z
      .object({
        batchId: z.uuid().describe('The decision that takes it back when it is undone'),
        words: z.string(),
        provenAt: z.iso.datetime(),
      })
      .nullable()
      .describe('By what the person proved that this is them; null: somebody decided it, or nobody has'),
  })
  .meta({ id: 'ListedIdentity' });
export type ListedIdentity = z.infer<typeof listedIdentitySchema>;

export const identityListQuerySchema = z.object({
  of: z
    .enum(identityGroups)
    .optional()
    .describe('members: who stands for a member. nobody: people who do not. machines: automation and agents'),
  kind: z.enum(identityKinds).optional(),
  linked: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('false: only those that nobody linked to a person'),
  search: searchSchema.describe('Part of a name, an e-mail address or a login'),
  cursor: cursorSchema,
  limit: limitSchema,
});
export type IdentityListQuery = z.infer<typeof identityListQuerySchema>;
export const identityListSchema = z
  .object({
    identities: z.array(listedIdentitySchema),
    groups: z
      .object({ members: z.int(), nobody: z.int(), machines: z.int() })
      .describe('How many there are of each, whatever was searched for'),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'IdentityList' });
export type IdentityList = z.infer<typeof identityListSchema>;
export const ownIdentityListSchema = z.object({ identities: z.array(listedIdentitySchema) });

export const kindOverrideSchema = z.object({ kind: identityKindSchema, reason: reasonSchema });
export const kindChangeSchema = z
  .object({
    changed: z.array(z.uuid()).describe('Identities that are something else now; their numbers are being recomputed'),
  })
  .meta({ id: 'KindChange' });

// People

export const personSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    zone: z.string().describe('In which the person’s days are cut'),
    role: z.enum(['owner', 'admin', 'manager', 'member']).nullable().describe('null: not a member of the workspace'),
    avatar: z.string().nullable().describe('Address of their picture; null: draw their initials'),
    identities: z
      .array(identitySchema)
      .describe('Empty where they are not yours to see, as are the days of being seen'),
    firstSeenAt: z.iso.datetime().nullable(),
    lastSeenAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Person' });
export type PersonView = z.infer<typeof personSchema>;

export const personListQuerySchema = z.object({
  search: searchSchema.describe('Part of a name, or of a name, e-mail address or login of an identity'),
  cursor: cursorSchema,
  limit: limitSchema,
});
export type PersonListQuery = z.infer<typeof personListQuerySchema>;
export const personListSchema = z.object({ people: z.array(personSchema), nextCursor: z.string().nullable() });
export const renamePersonSchema = z.object({ name: nameSchema });

// Links and their log

export const linkRequestSchema = z.object({
  identityIds: z.array(givenIdSchema).min(1).max(1000),
  reason: reasonSchema,
});
export const decisionReasonSchema = z.object({ reason: reasonSchema });

const moveSchema = z
  .object({ identityId: z.uuid(), fromPersonId: z.uuid(), toPersonId: z.uuid() })
  .meta({ id: 'IdentityMove' });
export type IdentityMove = z.infer<typeof moveSchema>;

export const linkOutcomeSchema = z
  .object({
    batchId: z.uuid().nullable().describe('What undoes it; null when nothing had to be moved'),
    moved: z.array(moveSchema),
  })
  .meta({ id: 'LinkOutcome' });
export type LinkOutcome = z.infer<typeof linkOutcomeSchema>;

const namedMoveSchema = moveSchema
  .extend({
    identity: z.string().describe('Name and address, as the source has them'),
    from: z.string(),
    to: z.string().describe('Whom it stands for since, as they are called now'),
  })
  .meta({ id: 'NamedIdentityMove' });
export type NamedIdentityMove = z.infer<typeof namedMoveSchema>;

export const linkDecisionSchema = z
  .object({
    batchId: z.uuid(),
    decidedAt: z.iso.datetime(),
    decidedBy: z.uuid().nullable(),
    reason: z.string(),
    undoneAt: z.iso.datetime().nullable(),
    provenBy: z
      .enum(['github'])
      .nullable()
      .describe('Set where nobody decided it: the person signed in as the identity'),
    deciderName: z.string().nullable().describe('Who decided, as they are called now'),
    moves: z.array(namedMoveSchema),
  })
  .meta({ id: 'LinkDecision' });
export type LinkDecision = z.infer<typeof linkDecisionSchema>;
export const linkDecisionQuerySchema = z.object({ cursor: cursorSchema, limit: limitSchema });
export const linkDecisionListSchema = z.object({
  decisions: z.array(linkDecisionSchema),
  nextCursor: z.string().nullable(),
});

// Suggestions

export const mergeSignals = ['email', 'mailbox', 'account', 'login', 'name', 'mailbox_name'] as const;
export type MergeSignal = (typeof mergeSignals)[number];

export const mergeSuggestionSchema = z
  .object({
    identities: z.array(identitySchema).length(2).describe('The two that made it look so'),
    people: z.array(z.object({ id: z.uuid(), name: z.string() })).length(2),
    reasons: z.array(z.object({ signal: z.enum(mergeSignals), words: z.string() })),
    confidence: z.number().min(0).max(1),
  })
  .meta({ id: 'MergeSuggestion' });
export type MergeSuggestionView = z.infer<typeof mergeSuggestionSchema>;

export const suggestionQuerySchema = z.object({
  atLeast: z.coerce.number().min(0).max(1).default(0).describe('Least confidence'),
  limit: limitSchema,
});
export const suggestionListSchema = z.object({ suggestions: z.array(mergeSuggestionSchema), total: z.number().int() });
export const suggestionAnswerSchema = z.object({
  identityIds: z.tuple([givenIdSchema, givenIdSchema]).describe('The two identities of the suggestion'),
});

// Rules

const patternSchema = z
  .string()
  .trim()
  .toLowerCase()
  .min(1)
  .max(300)
  // Each star multiplies the work of a pattern that nearly fits: three are enough for every rule we know.
  .refine((pattern) => pattern.split('*').length <= 4, 'at most three stars')
  .refine((pattern) => pattern.replaceAll('*', '').trim() !== '', 'would take everybody');

export const newKindRuleSchema = z.object({
  field: z.enum(kindRuleFields),
  pattern: patternSchema.describe('`*` stands for any run of characters; compared in lower case'),
  kind: identityKindSchema,
  reason: reasonSchema,
  priority: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('Lower is asked earlier; left out: before all built-in rules'),
});
export type NewKindRule = z.infer<typeof newKindRuleSchema>;

export const kindRuleSchema = z
  .object({
    id: z.uuid(),
    field: z.enum(kindRuleFields),
    pattern: z.string(),
    kind: identityKindSchema,
    reason: z.string(),
    priority: z.number().int(),
    builtIn: z.boolean().describe('true: comes with DevPulse; it can be switched off, not removed'),
    enabled: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'KindRule' });
export type KindRuleView = z.infer<typeof kindRuleSchema>;

export const kindRuleListSchema = z.object({ rules: z.array(kindRuleSchema) });
export const switchKindRuleSchema = z.object({ enabled: z.boolean() });
export const kindRuleOutcomeSchema = z.object({ rule: kindRuleSchema, changed: z.array(z.uuid()) });

export const kindRuleChangeSchema = z.discriminatedUnion('change', [
  z.object({ change: z.literal('add'), rule: newKindRuleSchema }),
  z.object({ change: z.enum(['enable', 'disable', 'remove']), id: givenIdSchema }),
]);
export type KindRuleChange = z.infer<typeof kindRuleChangeSchema>;

export const kindRulePreviewSchema = z
  .object({
    total: z.number().int(),
    identities: z
      .array(z.object({ identity: identitySchema, becomes: identityKindSchema, signal: z.string() }))
      .describe('At most 200 of them'),
  })
  .meta({ id: 'KindRulePreview' });
export type KindRulePreview = z.infer<typeof kindRulePreviewSchema>;

// Me

const weekdaysSchema = z
  .array(z.number().int().min(1).max(7))
  .max(6, 'at least one day of the week is no rest day')
  .refine((days) => new Set(days).size === days.length, 'each day once')
  .describe('ISO weekdays, 1 is Monday; they neither break a streak nor count');

export const meSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    role: z.enum(['owner', 'admin', 'manager', 'member']).nullable(),
    avatar: z.string().nullable().describe('Address of the picture; null: draw the initials'),
    zone: z.string().nullable().describe('null: the workspace’s'),
    effectiveZone: z.string(),
    today: daySchema,
    restWeekdays: z.array(z.number().int()),
    workspaceId: z.uuid(),
    scopes: z.array(z.string()),
  })
  .meta({ id: 'Me' });
export type MeView = z.infer<typeof meSchema>;

export const updateMeSchema = z.object({
  name: nameSchema.optional(),
  zone: zoneSchema.nullable().optional(),
  restWeekdays: weekdaysSchema.optional(),
});
export type UpdateMe = z.infer<typeof updateMeSchema>;

export const freezeSchema = z
  .object({
    day: daySchema,
    state: z.enum(['pending', 'used', 'returned']).describe('returned: the day got work, so the freeze was not needed'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Freeze' });
export type FreezeView = z.infer<typeof freezeSchema>;

export const freezeListSchema = z.object({
  today: daySchema,
  freezes: z.array(freezeSchema),
  left: z.number().int().describe('How many more freezes may be taken today'),
  nextPossibleOn: daySchema.describe('The first day on which one can be taken, today included'),
});
export type FreezeList = z.infer<typeof freezeListSchema>;

const holidaySchema = z.object({ day: daySchema, name: nameSchema });
export const addHolidaysSchema = z.object({ holidays: z.array(holidaySchema).min(1).max(400) });
export const holidayListSchema = z.object({ holidays: z.array(holidaySchema) }).meta({ id: 'HolidayList' });
export type HolidayList = z.infer<typeof holidayListSchema>;

// Workspace

export const workspaceSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(['personal', 'team', 'demo']),
    name: z.string(),
    slug: z.string().nullable().describe('Its name in addresses; null: it has none'),
    zone: z.string().describe('In which the workspace’s days are cut, and those of people without a zone of their own'),
    weekStart: z.number().int().min(1).max(7),
    rawRetentionDays: z.number().int().describe('After so many days the bodies of raw events are removed; facts stay'),
    departedPeople: z
      .enum(['keep', 'anonymise'])
      .describe('Whether the name of somebody who deletes their account stays in what sources told'),
    privateRepositories: z
      .enum(['proven', 'members'])
      .describe(
        'Who is told of a repository that is private where it comes from: members of whom GitHub says that they may read it, ' +
          'or every member',
      ),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Workspace' });
export type WorkspaceView = z.infer<typeof workspaceSchema>;

export const updateWorkspaceSchema = z.object({
  name: nameSchema.optional(),
  slug: slugSchema.optional(),
  zone: zoneSchema.optional(),
  weekStart: z.number().int().min(1).max(7).optional(),
  rawRetentionDays: z.number().int().min(1).max(36_500).optional(),
  departedPeople: z.enum(['keep', 'anonymise']).optional(),
  privateRepositories: z.enum(['proven', 'members']).optional().describe('For owners to decide'),
});
export type UpdateWorkspace = z.infer<typeof updateWorkspaceSchema>;
