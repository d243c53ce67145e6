/** How facts name an account at GitHub: by its number, which stays; on any other server than github.com with its host in front. */
export function githubAccountKey(host: string, number: number | string): string {
  return host === 'github.com' ? String(number) : `${host}/${number}`;
}
