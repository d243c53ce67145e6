/** What a load client is told to do; it crosses to its process as JSON. */
export interface LoadPlan {
  port: number;
  /** `closed`: each connection sends when it has its answer. `open`: at fixed instants, whatever came back. */
  mode: 'closed' | 'open';
  connections: number;
  seconds: number;
  /** Not counted in rate and latencies; what was acknowledged in it is counted as acknowledged. */
  warmupSeconds: number;
  /** Requests a second of an open loop. */
  rate?: number;
  /** Reads one of these in turn; or sends events. */
  paths?: string[];
  events?: {
    path: string;
    /** Begins the key of each event; unique to this phase. */
    prefix: string;
    bytes: number;
    secret: string;
    /** As a webhook of GitHub's: the key is in a header, and the answer says `taken`. */
    asDeliveries?: true;
  };
  /** Sends these request bodies, one after the other, instead of made-up events. */
  bodiesFile?: string;
  token?: string;
  /** Whether to answer the instants of all acknowledgements. */
  stamps?: boolean;
}

/** What came of it. */
export interface LoadResult {
  sent: number;
  acked: number;
  ackedSum: number;
  /** Answers other than 2xx, and connections that broke. */
  failed: number;
  firstFailure: string | null;
  /** Answers with 2xx a second, after the warm-up. */
  rate: number;
  /** Milliseconds from the intended instant to the answer. */
  p50: number;
  p99: number;
  max: number;
  /** Milliseconds since the epoch at which each event was acknowledged, in the order sent. */
  stamps?: number[];
}
