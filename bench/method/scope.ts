type Undo = () => unknown;

/** What has to be undone, newest first, also when somebody presses Ctrl-C in the middle. */
export class Scope {
  readonly #undos: Undo[] = [];
  #closing: Promise<void> | undefined;

  /** Calls `undo` when the scope closes. */
  defer(undo: Undo): void {
    this.#undos.push(undo);
  }

  /** Undoes everything; what fails is told at the end and keeps nothing else from being undone. */
  close(): Promise<void> {
    this.#closing ??= this.#undoAll();
    return this.#closing;
  }

  async #undoAll(): Promise<void> {
    const faults: unknown[] = [];
    for (const undo of this.#undos.splice(0).toReversed()) {
      try {
        await undo();
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, 'not everything could be cleaned up');
  }
}
