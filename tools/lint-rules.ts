// House rules that no built-in rule covers; oxlint loads this file as a plugin.

interface LintContext {
  filename: string;
  report(problem: { node: unknown; message: string }): void;
}

interface SyntaxNode {
  source?: unknown;
  name?: string;
  callee?: SyntaxNode;
  object?: SyntaxNode;
  property?: SyntaxNode;
  arguments?: unknown[];
}

type Visitors = Record<string, (node: SyntaxNode) => void>;

const reexport = 'Import from where it is defined: re-exports hide who uses what and grow into barrels.';
const vague = 'A file is named after what it does: index, util, helper, common and misc say nothing.';

const clock = 'Pure code asks no clock and no dice: the same input gives the same answer, today and in a rebuild.';

const noReexport = {
  create(context: LintContext): Visitors {
    return {
      ExportAllDeclaration: (node) => context.report({ node, message: reexport }),
      ExportNamedDeclaration: (node) => {
        if (node.source) context.report({ node, message: reexport });
      },
    };
  },
};

const tellingFileName = {
  create(context: LintContext): Visitors {
    const isVague = /(^|[\\/])(index|utils?|helpers?|common|misc)([\\/]|\.[cm]?tsx?$)/.test(
      context.filename.slice(process.cwd().length),
    );
    return { Program: (node) => (isVague ? context.report({ node, message: vague }) : undefined) };
  },
};

/** For `parse` and `derive`, which must give the same answer whenever they run. */
const noClock = {
  create(context: LintContext): Visitors {
    const sources = new Set(['Date.now', 'Math.random', 'performance.now']);
    return {
      NewExpression: (node) => {
        if (node.callee?.name === 'Date' && node.arguments?.length === 0) context.report({ node, message: clock });
      },
      MemberExpression: (node) => {
        const name = `${node.object?.name}.${node.property?.name}`;
        if (sources.has(name)) context.report({ node, message: clock });
      },
    };
  },
};

export default {
  meta: { name: 'devpulse' },
  rules: { 'no-clock': noClock, 'no-reexport': noReexport, 'telling-file-name': tellingFileName },
};
