const ending = '@no-address.invalid';

/** What stands where an account has no address: `.invalid` belongs to nobody, so nothing can ever be sent there. */
export function makePlaceholder(id: string): string {
  return `${id}${ending}`;
}

/** The address as people see it: none where nobody told one. */
export function shownAddress(email: string): string | null {
  return email.endsWith(ending) ? null : email;
}
