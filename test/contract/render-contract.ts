import type { CounterpartName } from './counterpart.ts';
import type { Scenario, ScenarioGroup } from './scenario.ts';

const counterparts = ['sandbox', 'moto'] as const satisfies readonly CounterpartName[];

const introduction = `# The contract: what keysweep relies on AWS for

Most tests run against the sandbox, this project's own local AWS account. To keep it from drifting away from AWS, one set of
scenarios (\`test/contract/scenarios\`) runs through the real SDK clients and keysweep's own adapters against both the sandbox
and [moto](https://github.com/getmoto/moto), an independent emulator. Each scenario says what AWS does, according to its
documentation, its API models or recorded answers.

| counterpart | run by | needs |
|---|---|---|
| sandbox | \`npm test\` | only Node.js |
| moto | \`scripts/setup-python.sh && npm run test:contract\` | Python 3.10 or newer; \`KEYSWEEP_PYTHON\` names an interpreter other than the one in \`.venv\` |

The run against moto also starts the real command line on an account with back-dated keys, and checks that
\`keysweep audit --output json\` names exactly the right key ids. Beside it, every command of the AWS CLI in pages and messages is
checked against botocore's models: service, operation, options, and that none is missing that is required.

Where a counterpart differs from AWS, the scenario says so. It must then fail there, and a second check proves what the
counterpart does instead. So a listed difference that no longer exists fails the test.

This page is generated (\`npm run docs\`), and a test keeps it current.
`;

const uncovered = `## What only documentation covers

moto, as it is run here, does not show the following. The sandbox follows the AWS documentation, and the tests rely on that:

- throttling of IAM (token buckets, \`Throttling\` with HTTP 400), and \`LimitExceeded\` and \`ServiceFailure\` of the report
- how long a credential report is kept (then \`ReportExpired\`), and the delay of last-used data
- AccessDenied where no policy allows an action, and its text
- CloudTrail's LookupEvents, its rate and its delay

Neither of the two verifies signatures, or evaluates policies beyond a list of allowed actions.
`;

/** docs/contract.md. */
export function renderContract(groups: readonly ScenarioGroup[]): string {
  return [
    introduction,
    ...counterparts.map((name) => renderExceptions(groups, name)),
    uncovered,
    renderAll(groups),
  ].join('\n');
}

function renderExceptions(groups: readonly ScenarioGroup[], name: CounterpartName): string {
  const rows = groups.flatMap(({ title, scenarios }) =>
    scenarios.flatMap((scenario) => {
      const divergence = scenario.except?.[name];
      return divergence === undefined ? [] : [`| ${title} | ${scenario.name} | ${divergence.does} |`];
    }),
  );
  if (rows.length === 0) return `## Where ${name} differs from AWS\n\nNowhere in these scenarios.\n`;
  return `## Where ${name} differs from AWS\n\n| | AWS | ${name} |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function renderAll(groups: readonly ScenarioGroup[]): string {
  const sections = groups.map(({ title, scenarios }) => {
    return `### ${title.charAt(0).toUpperCase()}${title.slice(1)}\n\n${scenarios.map(renderScenario).join('\n')}\n`;
  });
  return `## The scenarios\n\n${sections.join('\n')}`;
}

function renderScenario({ name, except = {} }: Scenario): string {
  const unlike = counterparts.filter((counterpart) => except[counterpart] !== undefined);
  return `- ${name}${unlike.length === 0 ? '' : ` (not in ${unlike.join(', ')})`}`;
}
