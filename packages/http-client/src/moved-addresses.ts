/** A repository, or another thing, has another address now. */
export interface Moved {
  /** Paths below the API, for example `/repos/old/name` and `/repositories/1296269`. */
  from: string;
  to: string;
}

const repositoryPath = /^(.*?\/repos\/[^/]+\/[^/]+)((?:\/.*)?)$/;
const movesMax = 1_000;

/** Remembers what moved for good, so that it is asked for at its new place right away. */
export function rememberMoves(onMoved: (moved: Moved) => void): {
  apply(url: URL): URL;
  note(from: URL, to: URL): void;
} {
  const moves = new Map<string, string>();
  return {
    apply: (url) => {
      const repository = repositoryPath.exec(url.pathname);
      const whole = moves.get(url.pathname);
      const moved = repository?.[1] === undefined ? undefined : moves.get(repository[1]);
      const path = whole ?? (moved === undefined ? undefined : moved + (repository?.[2] ?? ''));
      if (path === undefined) return url;
      const target = new URL(url);
      target.pathname = path;
      return target;
    },
    note: (from, to) => {
      const move = findMove(from.pathname, to.pathname);
      if (move.from === move.to || moves.get(move.from) === move.to || moves.size >= movesMax) return;
      moves.set(move.from, move.to);
      onMoved(move);
    },
  };
}

/** What moved is the repository, if what is asked of it is called the same before and after. */
function findMove(from: string, to: string): Moved {
  const [, repository = '', rest = ''] = repositoryPath.exec(from) ?? [];
  const isRepository = repository !== '' && to.endsWith(rest);
  return isRepository ? { from: repository, to: to.slice(0, to.length - rest.length) } : { from, to };
}
