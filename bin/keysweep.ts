#!/usr/bin/env node
import { endProcess, processIo } from '../cli/process-io.ts';
import { run } from '../cli/run.ts';

// The SDK's version is pinned and runs on this Node; what a later SDK will need does not concern the user.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const io = processIo();
await endProcess(await run(process.argv.slice(2), io), io);
