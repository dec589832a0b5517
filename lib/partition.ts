import { Stack, Token } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';

/** The partition of the construct's region, according to the CDK: `aws`, `aws-us-gov`, ... Undefined if the region is not known at synth. */
export function partitionOf(scope: Construct): string | undefined {
  const { region } = Stack.of(scope);
  return Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
}

/**
 * The cheaper arm64 in the partition `aws`, where every region has it; elsewhere x86_64, which every region has. The code
 * runs on both: it contains nothing compiled.
 */
export function defaultArchitecture(scope: Construct): Architecture {
  return (partitionOf(scope) ?? 'aws') === 'aws' ? Architecture.ARM_64 : Architecture.X86_64;
}
