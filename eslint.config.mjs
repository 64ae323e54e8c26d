// Lint for everything, and the firmware's dialect in the editor: the same tables as the build uses, loaded from
// their TypeScript. Formatting is prettier's, types are tsc's, and rules that need types are oxlint's (.oxlintrc.json);
// none of these is repeated here.
import tseslint from 'typescript-eslint';
import { tsImport } from 'tsx/esm/api';

const { checkDialect } = await tsImport('./host-tools/build/dialect.ts', import.meta.url);
const { checkFlat, isFlatFile } = await tsImport('./host-tools/build/flat.ts', import.meta.url);

/** A rule that hands the whole file to a check of the build. */
function ruleFrom(check) {
  return {
    create: (context) => ({
      Program(program) {
        for (const { node, rule, message } of check(program, context)) {
          context.report({ loc: node.loc, message: `${rule}: ${message}` });
        }
      },
    }),
  };
}

const hairpin = {
  rules: {
    dialect: ruleFrom((program) => checkDialect(program, 'source')),
    flat: ruleFrom((program, { filename }) =>
      isFlatFile(filename.replaceAll('\\', '/')) ? checkFlat(program) : [],
    ),
  },
};

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', 'test/dialect/fixtures/', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-constant-binary-expression': 'error',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-unreachable-loop': 'error',
      'no-useless-concat': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      // tsc reports these, with the same settings for editors and builds.
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['firmware/**/*.ts'],
    plugins: { hairpin },
    rules: {
      'hairpin/dialect': 'error',
      'hairpin/flat': 'error',
      // The interpreter does not hoist. A function may name what is declared below it; that nothing is used before it
      // is declared while the firmware loads is proved by the build, on the script.
      '@typescript-eslint/no-use-before-define': [
        'error',
        { functions: false, classes: false, variables: false },
      ],
      // require('Storage') is how the interpreter hands out its modules.
      '@typescript-eslint/no-require-imports': 'off',
      // == costs the interpreter a fifth less than ===, and the operands are integers.
      eqeqeq: 'off',
    },
  },
);
