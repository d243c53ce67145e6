/** The one GitHub of an instance. Its addresses are the operator's settings; none ever comes from a user or an answer. */
export interface GithubHost {
  /** As keys of facts name it, for example `github.com`. */
  host: string;
  /** `https://github.com` */
  url: string;
  /** `https://api.github.com` */
  apiUrl: string;
}

/** The addresses, with the name by which facts know the host. */
export function githubHostOf(urls: { githubUrl: string; githubApiUrl: string }): GithubHost {
  return { host: new URL(urls.githubUrl).hostname, url: urls.githubUrl, apiUrl: urls.githubApiUrl };
}
