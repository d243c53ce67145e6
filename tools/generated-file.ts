/** What a generator in `tools/gen/` makes: a file's path from the root, and all that belongs into it. */
export interface GeneratedFile {
  path: string;
  content: string;
}
