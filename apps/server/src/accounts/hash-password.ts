import { hash, verify } from '@node-rs/argon2';

// OWASP's first choice. argon2id is the library's own default; its name is a const enum, which erased types cannot read.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
// Each takes 19 MiB and a core: more at once would starve everything else.
const atOnce = 2;

let free = atOnce;
const waiting: (() => void)[] = [];
let placeholder: Promise<string> | undefined;

/** The hash of a password in PHC format. */
export async function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(normalise(password), cost));
}

/** True when it is the password. Without a hash the work is the same and the answer is no. */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  placeholder ??= hash('nobody has this password', cost);
  const compared = passwordHash ?? (await placeholder);
  const isRight = await inTurn(() => verify(compared, normalise(password)));
  return isRight && passwordHash !== null;
}

/** Keyboards make one letter of two code points or of one; a password is what the person sees. */
function normalise(password: string): string {
  return password.normalize('NFC');
}

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (free > 0) free -= 1;
  else await new Promise<void>((resolve) => void waiting.push(resolve));
  try {
    return await work();
  } finally {
    // The place goes straight to whoever waits, so that nobody can slip in between.
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}
