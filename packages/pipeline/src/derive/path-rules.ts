/** Why the lines of a file are not counted as anybody's work. */
export type LeftOutPath = 'generated' | 'vendored' | 'lockfile' | 'snapshot';

/** The rule in the open: first match wins; each pattern is tested against the whole path with forward slashes. */
export const leftOutRules: readonly { reason: LeftOutPath; pattern: RegExp; words: string }[] = [
  {
    reason: 'lockfile',
    pattern:
      /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|composer\.lock|Gemfile\.lock|Cargo\.lock|poetry\.lock|Pipfile\.lock|uv\.lock|pdm\.lock|go\.sum|mix\.lock|pubspec\.lock|Podfile\.lock|packages\.lock\.json|flake\.lock|gradle\.lockfile|conan\.lock|deno\.lock)$/,
    words: 'lock files of package managers',
  },
  {
    reason: 'vendored',
    pattern:
      /(^|\/)(node_modules|bower_components|vendor|vendors|third[_-]party|thirdparty|external_libs|Godeps|Pods|Carthage|\.yarn\/(releases|plugins|cache))\//,
    words: 'folders that hold the code of others: node_modules, vendor, third_party …',
  },
  {
    reason: 'snapshot',
    pattern: /(^|\/)__snapshots__\/|\.(snap|approved\.txt|golden)$/,
    words: 'snapshots written by test runners',
  },
  {
    reason: 'generated',
    pattern:
      /(^|\/)(dist|build\/generated|generated|__generated__|_generated)\/|\.(min\.(js|css|mjs)|map|pb\.go|pb\.cc|pb\.h|pb2\.py|pb2_grpc\.py|g\.dart|freezed\.dart|designer\.cs|gen\.(go|ts|tsx|js)|generated\.(ts|tsx|js|cs|go|swift))$/i,
    words: 'files written by tools: minified code, source maps, protocol stubs, `generated` folders',
  },
];

/** Languages by file name, for names without an extension of their own. */
export const languagesByName: Readonly<Record<string, string>> = {
  dockerfile: 'Dockerfile',
  containerfile: 'Dockerfile',
  makefile: 'Makefile',
  gnumakefile: 'Makefile',
  'cmakelists.txt': 'CMake',
  rakefile: 'Ruby',
  gemfile: 'Ruby',
  vagrantfile: 'Ruby',
  jenkinsfile: 'Groovy',
  justfile: 'Just',
  'meson.build': 'Meson',
  build: 'Starlark',
  'build.bazel': 'Starlark',
  workspace: 'Starlark',
};

/** Languages by extension, in small letters. Formats that hold data rather than code are named as what they are. */
export const languagesByExtension: Readonly<Record<string, string>> = {
  ada: 'Ada', adb: 'Ada', ads: 'Ada', asm: 'Assembly', s: 'Assembly', awk: 'AWK', bat: 'Batch', cmd: 'Batch',
  c: 'C', h: 'C', cc: 'C++', cpp: 'C++', cxx: 'C++', hh: 'C++', hpp: 'C++', hxx: 'C++', ino: 'C++', cs: 'C#', csx: 'C#',
  clj: 'Clojure', cljc: 'Clojure', cljs: 'Clojure', cmake: 'CMake', cob: 'COBOL', coffee: 'CoffeeScript', cr: 'Crystal',
  css: 'CSS', scss: 'SCSS', sass: 'Sass', less: 'Less', styl: 'Stylus', csv: 'CSV', cu: 'CUDA', d: 'D', dart: 'Dart',
  diff: 'Diff', patch: 'Diff', ejs: 'EJS', ex: 'Elixir', exs: 'Elixir', heex: 'Elixir', elm: 'Elm', erl: 'Erlang', hrl: 'Erlang',
  f: 'Fortran', f90: 'Fortran', f95: 'Fortran', fs: 'F#', fsi: 'F#', fsx: 'F#', fish: 'Shell', gd: 'GDScript', glsl: 'GLSL',
  go: 'Go', gql: 'GraphQL', graphql: 'GraphQL', gradle: 'Groovy', groovy: 'Groovy', haml: 'Haml', hbs: 'Handlebars',
  hcl: 'HCL', tf: 'HCL', tfvars: 'HCL', hs: 'Haskell', htm: 'HTML', html: 'HTML', ini: 'INI', cfg: 'INI', properties: 'INI',
  ipynb: 'Jupyter Notebook', java: 'Java', jl: 'Julia', js: 'JavaScript', cjs: 'JavaScript', mjs: 'JavaScript', jsx: 'JavaScript',
  json: 'JSON', json5: 'JSON', jsonc: 'JSON', jsonl: 'JSON', kt: 'Kotlin', kts: 'Kotlin', l: 'Lex', lua: 'Lua', m: 'Objective-C',
  mm: 'Objective-C++', mk: 'Makefile', md: 'Markdown', mdx: 'Markdown', markdown: 'Markdown', ml: 'OCaml', mli: 'OCaml',
  nim: 'Nim', nix: 'Nix', pas: 'Pascal', php: 'PHP', phtml: 'PHP', pl: 'Perl', pm: 'Perl', t: 'Perl', po: 'Gettext', pot: 'Gettext',
  prisma: 'Prisma', proto: 'Protocol Buffers', ps1: 'PowerShell', psm1: 'PowerShell', pug: 'Pug', py: 'Python', pyi: 'Python',
  pyx: 'Cython', pxd: 'Cython', r: 'R', rmd: 'R', rb: 'Ruby', erb: 'ERB', rake: 'Ruby', gemspec: 'Ruby', rkt: 'Racket', rs: 'Rust',
  rst: 'reStructuredText', scala: 'Scala', sc: 'Scala', scm: 'Scheme', sh: 'Shell', bash: 'Shell', zsh: 'Shell', ksh: 'Shell',
  sol: 'Solidity', sql: 'SQL', svelte: 'Svelte', svg: 'SVG', swift: 'Swift', tcl: 'Tcl', tex: 'TeX', bib: 'TeX', sty: 'TeX',
  toml: 'TOML', ts: 'TypeScript', cts: 'TypeScript', mts: 'TypeScript', tsx: 'TypeScript', txt: 'Text', v: 'Verilog', sv: 'SystemVerilog',
  vb: 'Visual Basic', vhd: 'VHDL', vhdl: 'VHDL', vim: 'Vim Script', vue: 'Vue', wat: 'WebAssembly', wgsl: 'WGSL', xml: 'XML',
  xsl: 'XSLT', xslt: 'XSLT', y: 'Yacc', yaml: 'YAML', yml: 'YAML', zig: 'Zig', adoc: 'AsciiDoc', astro: 'Astro', bzl: 'Starlark',
  el: 'Emacs Lisp', lisp: 'Common Lisp', liquid: 'Liquid', mako: 'Mako', twig: 'Twig', njk: 'Nunjucks', j2: 'Jinja', jinja: 'Jinja',
};
