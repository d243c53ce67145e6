import type { Fact } from '@devpulse/contract/facts';

/** What remains of facts when each key has its newest telling: the rules of the store, in the fewest words. */
export function foldFacts(facts: readonly Fact[]): Map<string, Fact> {
  const standing = new Map<string, Fact>();
  for (const fact of facts) {
    const key = keyOf(fact);
    const known = standing.get(key);
    if (known === undefined || versionOf(fact) > versionOf(known)) standing.set(key, fact);
  }
  for (const fact of facts) {
    if (fact.fact === 'gone' && fact.what !== 'review') standing.delete(`${fact.what} ${fact.repository} ${fact.id}`);
  }
  return standing;
}

function keyOf(fact: Fact): string {
  switch (fact.fact) {
    case 'pull-request':
    case 'pull-detail':
    case 'issue':
    case 'discussion':
    case 'alert':
    case 'timeline':
      return `${fact.fact} ${fact.repository} ${fact.number}`;
    case 'review':
    case 'comment':
    case 'release':
    case 'deployment':
    case 'deployment-status':
    case 'check-suite':
      return `${fact.fact} ${fact.repository} ${fact.id}`;
    case 'workflow-run':
      return `${fact.fact} ${fact.repository} ${fact.id} ${fact.attempt}`;
    case 'star':
      return `star ${fact.repository} ${fact.user.externalId}`;
    case 'ref':
      return `ref ${fact.repository} ${fact.kind} ${fact.name}`;
    case 'repository':
      return `repository ${fact.key}`;
    case 'repository-profile':
      return `profile ${fact.repository}`;
    case 'commit':
      return `commit ${fact.sha}`;
    default:
      return JSON.stringify(fact);
  }
}

/** Sorts by time, then by the clock of the telling. A review that says something wins over one that does not. */
function versionOf(fact: Fact): string {
  if (fact.fact === 'review') return fact.said === 'unknown' ? '0' : '1';
  if (fact.fact === 'commit') return String(fact.fidelity).padStart(3, '0');
  const newest = 'updatedAt' in fact ? fact.updatedAt : 'asOf' in fact ? fact.asOf : '';
  const seen = 'seenAt' in fact ? fact.seenAt : 'observedAt' in fact ? fact.observedAt : '';
  return `${newest} ${seen}`;
}
