import type { Blueprint } from './blueprints.ts';
import { type Member, pairingAgent, updater, webEditor } from './cast.ts';
import type { Moment, Signature } from './history.ts';
import { makeSubject } from './line-makers.ts';
import type { WorkMoment } from './plan-days.ts';
import type { Random } from './random.ts';
import { type BranchWork, type CommitDraft, RepositoryBuilder } from './repository-builder.ts';
import { offsetAt } from './zone-time.ts';

/** Something that happens at an instant and is not one of the planned moments of work. */
export interface PlannedEvent {
  at: number;
  happen(story: TeamStory): void;
  /** What is left to do when the story ends before. */
  keepOpen?(): void;
}

/** A piece of work somebody is at. */
interface Task {
  repository: RepositoryBuilder;
  way: 'direct' | 'merge' | 'squash' | 'rebase';
  branch: BranchWork;
  commitsLeft: number;
}

/** Who works on what, and from when on. */
interface Company {
  cast: readonly Member[];
  blueprints: readonly Blueprint[];
  /** Seconds since 1970. */
  begins: number;
}

/** Lets a team work: moments and events go by in the order of time, and histories grow. */
export class TeamStory {
  readonly repositories: ReadonlyMap<string, RepositoryBuilder>;
  readonly #members: readonly Member[];
  readonly #begins: number;
  readonly #random: Random;
  readonly #tasks = new Map<string, Task>();
  readonly #due: PlannedEvent[] = [];
  #pullRequests = 0;

  constructor(company: Company, random: Random) {
    const { cast, blueprints, begins } = company;
    this.#members = cast;
    this.#begins = begins;
    this.#random = random;
    this.repositories = new Map(
      blueprints.map((one) => [one.name, new RepositoryBuilder(one, random.fork(`files of ${one.name}`))]),
    );
  }

  /** Lets everything happen that lies before `until`; what is not merged by then stays on its branch. */
  tell(moments: readonly WorkMoment[], events: readonly PlannedEvent[], until: number): void {
    this.#due.push(...events);
    for (const moment of moments.toSorted((a, b) => a.at - b.at)) {
      if (moment.at >= until) break;
      this.#catchUp(moment.at);
      this.#work(moment);
    }
    this.#catchUp(until - 1);
    for (const { repository, branch } of this.#tasks.values()) repository.keepOpen(branch);
    for (const { keepOpen } of this.#due) keepOpen?.();
  }

  repository(name: string): RepositoryBuilder {
    const found = this.repositories.get(name);
    if (found === undefined) throw new Error(`there is no repository ${name}`);
    return found;
  }

  /** Whom of the team one would find in a repository at an instant, the busiest first. */
  membersOf(name: string, at: number): Member[] {
    return this.#members
      .filter((member) => (member.repositories[name] ?? 0) > 0)
      .filter(({ joins }) => joins === undefined || this.#begins + joins * 86_400 <= at)
      .toSorted((a, b) => (b.repositories[name] ?? 0) - (a.repositories[name] ?? 0));
  }

  #catchUp(at: number): void {
    while (true) {
      this.#due.sort((a, b) => a.at - b.at);
      if (this.#due[0] === undefined || this.#due[0].at > at) return;
      this.#due.shift()?.happen(this);
    }
  }

  #work(moment: WorkMoment): void {
    const { member } = moment;
    const task = this.#tasks.get(member.id) ?? this.#startTask(member);
    const { repository, branch, way } = task;
    const draft: CommitDraft = {
      author: this.#sign(moment),
      authored: dateOf(member, moment.at),
      subject: makeSubject(this.#random),
      coAuthors: this.#drawCoAuthors(moment, repository.blueprint.name),
      way: way === 'direct' ? 'direct' : 'branch',
    };
    if (way === 'direct') repository.commit(draft, repository.drawEdits());
    else repository.commitOn(branch, draft, repository.drawEdits(branch.tree));
    task.commitsLeft -= 1;
    if (task.commitsLeft > 0) return;
    this.#tasks.delete(member.id);
    if (way !== 'direct') this.#askToMerge(member, task, moment.at);
  }

  #startTask(member: Member): Task {
    const repository = this.repository(this.#random.weigh(Object.entries(member.repositories)));
    const { ways } = repository.blueprint;
    // Nothing can branch off before there is a first commit.
    const way = repository.tip === 0 ? 'direct' : this.#random.weigh(ways);
    const subject = makeSubject(this.#random).toLowerCase().split(' ').slice(3, 7).join('-');
    this.#pullRequests += 1;
    const task: Task = {
      repository,
      way,
      branch: repository.openBranch(`${member.id}/${subject}-${this.#pullRequests}`),
      commitsLeft: way === 'direct' ? 1 : this.#random.int(2, way === 'squash' ? 4 : 5),
    };
    this.#tasks.set(member.id, task);
    return task;
  }

  #askToMerge(owner: Member, task: Task, at: number): void {
    const wait = this.#random.int(15, 240) * 60;
    this.#due.push({
      at: at + wait,
      happen: () => this.#integrate(owner, task, at + wait),
      keepOpen: () => task.repository.keepOpen(task.branch),
    });
  }

  #integrate(owner: Member, { repository, branch, way }: Task, at: number): void {
    const others = this.membersOf(repository.blueprint.name, at).filter((member) => member.id !== owner.id);
    const by = this.#random.chance(0.5) || others.length === 0 ? owner : this.#random.pick(others);
    const { onPlatform } = repository.blueprint;
    const committer = onPlatform ? webEditor : signatureOf(by);
    this.#pullRequests += 1;
    const number = this.#pullRequests;
    const first = branch.drafts[0]?.draft.subject ?? '';
    if (way === 'rebase') {
      repository.rebase(branch, { committer: signatureOf(by), committed: dateOf(by, at) });
    } else if (way === 'merge') {
      const subject = onPlatform
        ? `Merge pull request #${number} from ${branch.name}`
        : `Merge branch '${branch.name}'`;
      const draft = { author: signatureOf(by), authored: dateOf(by, at), committer, subject, way } as const;
      repository.merge(branch, { ...draft, body: onPlatform ? first : '' });
    } else {
      const author = signatureOf(owner);
      const helpers = branch.drafts.flatMap(({ draft }) => [draft.author, ...(draft.coAuthors ?? [])]);
      // A large change is made by many; this is where most names come together in one commit.
      const crowd = this.#random.chance(0.05) ? others.slice(0, 6).map(signatureOf) : [];
      repository.squash(branch, {
        author,
        authored: dateOf(owner, at),
        committer,
        subject: `${first} (#${number})`,
        body: branch.drafts.map(({ draft }) => `* ${draft.subject}`).join('\n\n'),
        coAuthors: withoutRepeats([...helpers, ...crowd], author),
        way: 'squash',
      });
    }
  }

  #sign({ member, isDayOff }: WorkMoment): Signature {
    const share = member.secondAddress?.[isDayOff ? 1 : 0] ?? 0;
    const email = this.#random.chance(share) ? member.emails[1] : undefined;
    return { name: member.name, email: email ?? member.emails[0] };
  }

  #drawCoAuthors({ member, at }: WorkMoment, repository: string): Signature[] {
    const coAuthors: Signature[] = [];
    const others = this.membersOf(repository, at).filter(({ id }) => id !== member.id);
    if (others.length > 0 && this.#random.chance(0.06)) coAuthors.push(signatureOf(this.#random.pick(others)));
    if (this.#random.chance(member.withAgent)) coAuthors.push(pairingAgent);
    return coAuthors;
  }
}

/** The usual signature of somebody. */
export function signatureOf(member: Member): Signature {
  return { name: member.name, email: member.emails[0] };
}

/** An instant as the clock of somebody dates it. */
export function dateOf(member: Member, at: number): Moment {
  return { at, offsetMinutes: offsetAt(member.zone, at) };
}

/** What the machines do: they live in UTC, and the platform stores their work. */
export function machineDraft(author: Signature, at: number, subject: string): CommitDraft {
  return {
    author,
    authored: { at, offsetMinutes: 0 },
    committer: webEditor,
    subject,
    way: author === updater ? 'automation' : 'agent',
  };
}

function withoutRepeats(signatures: readonly Signature[], author: Signature): Signature[] {
  const seen = new Set([author.email]);
  return signatures.filter(({ email }) => !seen.has(email) && seen.add(email) !== undefined);
}
