/** Addresses of mailed links, which open whether or not somebody is signed in. */
export const doorPaths = { reset: '/reset', confirm: '/confirm' } as const;
