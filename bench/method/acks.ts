/** What a load client says it was promised. */
export interface AckTally {
  /** Events answered with 2xx and `accepted`. */
  acked: number;
  /** Sum of their running numbers, so that one event cannot stand in for another. */
  ackedSum: number;
}

/** What the store holds of the same events. */
export interface StoredTally {
  rows: number;
  distinct: number;
  sum: number;
}

/** Why the acknowledgements cannot be believed, or null when each stands for exactly one stored row. */
export function findAckFault(acks: AckTally, stored: StoredTally): string | null {
  if (acks.acked === 0) return 'nothing was acknowledged';
  if (stored.rows !== stored.distinct) return `${stored.rows - stored.distinct} events are stored twice`;
  if (stored.distinct < acks.acked)
    return `${acks.acked - stored.distinct} of ${acks.acked} acknowledged events are not stored`;
  if (stored.distinct > acks.acked)
    return `${stored.distinct - acks.acked} events are stored that were not acknowledged`;
  return stored.sum === acks.ackedSum ? null : 'as many events are stored as were acknowledged, but others';
}
