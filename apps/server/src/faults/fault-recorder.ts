/** Something that went wrong and should not have. */
export interface FaultReport {
  error: unknown;
  /** Where it came up: a route (`GET /api/v1/metrics`), a job (`job roll-up`) or a listener. Never an address with values. */
  origin: string;
  requestId?: string;
}

/** Keeps faults for the operator. Telling it costs nobody anything: it never throws and never makes anybody wait. */
export interface FaultRecorder {
  record(report: FaultReport): void;
  /** Writes what still waits, for a moment at most; what the store does not take then is in the log. */
  flush(): Promise<void>;
}
