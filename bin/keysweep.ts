#!/usr/bin/env node
import { processIo } from '../cli/process-io.ts';
import { run } from '../cli/run.ts';

// The SDK's version is pinned and runs on this Node; what a later SDK will need does not concern the user.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// Setting the code instead of exiting lets Node finish pending writes.
process.exitCode = await run(process.argv.slice(2), processIo());
