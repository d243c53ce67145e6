/** Kinds of identity that are shown with their reason and never mixed in with people. */
export const notPeople = {
  automation: 'by automation, such as a dependency or release bot',
  agent: 'by a coding agent',
};

/** Lines that nobody typed, or that nobody can count. */
export const notWritten = {
  merge: 'in a merge commit, whose lines were counted where they were written',
  generated: 'in a generated file',
  vendored: 'in a copy of somebody else’s code',
  lockfile: 'in a lock file of a package manager',
  snapshot: 'in a recorded test snapshot',
  binary: 'in a binary file, which has no lines',
  submodule: 'in the pointer to a submodule',
  // The engine knows this key: a number that leaves out the unknown is partial.
  unknown: 'in commits whose files the source could not read, as at the cut edge of a shallow clone',
};
