/** The alarm about sweeps that do not take place: when it rings, and when it does not, as CloudWatch documents its alarms. */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../core/duration.ts';
import { policyWith, templateOf } from './synth.ts';

const schedule = { at: '04:30', timezone: 'UTC', flexibleWindow: 30 * MINUTE };

function alarmOf(changes: Partial<typeof schedule>) {
  const alarms = templateOf(policyWith({ schedule: { ...schedule, ...changes } })).findResources(
    'AWS::CloudWatch::Alarm',
  );
  const [found] = Object.values(alarms).filter(({ Properties }) => Properties.AlarmDescription.startsWith('No sweep'));
  return found?.Properties;
}

it.each([
  ['an exact start', { flexibleWindow: 0 }, 27],
  ['a window of half an hour', {}, 28],
  ['a window of two hours and a minute', { flexibleWindow: 2 * HOUR + MINUTE }, 30],
  ['the longest window', { flexibleWindow: DAY }, 51],
  ['clocks that are set back by an hour', { timezone: 'Europe/Berlin' }, 29],
])('with %s waits as long as two sweeps can be apart', (_, changes, hours) => {
  const { EvaluationPeriods, AlarmDescription, Metrics } = alarmOf(changes);
  expect(EvaluationPeriods).toBe(hours);
  expect(AlarmDescription).toContain(`No sweep has completed for ${hours} hours: `);
  // CloudWatch evaluates seven days at most.
  expect(EvaluationPeriods * Metrics[1].MetricStat.Period).toBeLessThanOrEqual(7 * 24 * 3600);
});

it('counts the runs of its own installation alone', () => {
  templateOf(policyWith({})).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: { 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, '-SweepMissing']] },
    DatapointsToAlarm: Match.absent(),
    Metrics: [
      Match.objectLike({ ReturnData: true }),
      {
        Id: 'runs',
        ReturnData: false,
        MetricStat: {
          Metric: {
            Namespace: 'Keysweep',
            MetricName: 'CompletedRuns',
            Dimensions: [
              { Name: 'installation', Value: { Ref: 'AWS::StackName' } },
              { Name: 'service', Value: 'rotator' },
            ],
          },
          Period: 3600,
          Stat: 'Sum',
        },
      },
    ],
  });
});

type State = 'INSUFFICIENT_DATA' | 'OK' | 'ALARM';

/**
 * The states of the alarm hour by hour, by the rules of the CloudWatch User Guide: values are read for some periods more than
 * are evaluated; of enough values the newest count; of fewer, one that is within the threshold makes the alarm OK, and
 * otherwise `ignore` keeps its state.
 *
 * @param runs hour to the value of the metric
 * @param further periods read beyond those that are evaluated
 * @param fillsNothing whether FILL with a number gives values where the metric has none at all: the guide does not say
 */
function statesOf(runs: ReadonlyMap<number, number>, hours: number, further: number, fillsNothing: boolean): State[] {
  const alarm = alarmOf({});
  expect(alarm).toMatchObject({
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    TreatMissingData: 'ignore',
    Metrics: [{ Expression: 'FILL(runs, 0) + 0 * FILL(runs, REPEAT)' }, {}],
  });
  const periods: number = alarm.EvaluationPeriods;
  let state: State = 'INSUFFICIENT_DATA';
  return Array.from({ length: hours }, (_, now) => {
    const range = Array.from({ length: periods + further }, (_, back) => now - (periods + further) + 1 + back);
    const first = range.find((hour) => runs.has(hour));
    const values = range.flatMap((hour) => {
      const filled = first === undefined && !fillsNothing ? undefined : (runs.get(hour) ?? 0);
      const repeated = first === undefined || hour < first ? undefined : 0;
      return filled === undefined || repeated === undefined ? [] : [filled + repeated];
    });
    const counted = values.slice(-periods);
    if (counted.some((value) => value >= 1)) state = 'OK';
    else if (counted.length === periods) state = 'ALARM';
    return state;
  });
}

describe.each([
  ['one period more than evaluated, FILL gives nothing of nothing', 1, false],
  ['two periods more, FILL gives zeros of nothing', 2, true],
])('read with %s', (_, further, fillsNothing) => {
  const states = (runs: [number, number][], hours = 200) => statesOf(new Map(runs), hours, further, fillsNothing);
  const installed: [number, number] = [0, 0];
  const nightly: [number, number][] = Array.from({ length: 4 }, (_, night) => [15 + 24 * night, 1]);

  it('keeps silent before the first night, and between nights', () => {
    const seen = states([installed, ...nightly], 15 + 24 * 4);
    expect(new Set(seen.slice(0, 15))).toEqual(new Set(['INSUFFICIENT_DATA']));
    expect(new Set(seen.slice(15))).toEqual(new Set(['OK']));
  });

  it('rings if the first night never comes, and does not stop', () => {
    const seen = states([installed]);
    expect(seen.indexOf('ALARM')).toBe(27);
    expect(new Set(seen.slice(27))).toEqual(new Set(['ALARM']));
  });

  it('rings 28 hours after the last sweep, does not stop, and ends with the next one', () => {
    const last = 15 + 24 * 3;
    const seen = states([installed, ...nightly, [180, 1]]);
    expect(new Set(seen.slice(15, last + 28))).toEqual(new Set(['OK']));
    expect(new Set(seen.slice(last + 28, 180))).toEqual(new Set(['ALARM']));
    expect(new Set(seen.slice(180))).toEqual(new Set(['OK']));
  });

  it('counts from an update, whatever was before it: no value at all, or none for long', () => {
    for (const runs of [[], nightly] as [number, number][][]) {
      const seen = states([...runs, [400, 0]], 500);
      expect(seen[399]).toBe(runs.length === 0 ? 'INSUFFICIENT_DATA' : 'ALARM');
      expect(new Set(seen.slice(427))).toEqual(new Set(['ALARM']));
    }
    expect(
      states(
        [
          [400, 0],
          [415, 1],
        ],
        430,
      ).at(-1),
    ).toBe('OK');
  });

  it('without the value of the first day waits for the first sweep, and then counts', () => {
    const seen = states([[40, 1]]);
    expect(new Set(seen.slice(0, 40))).toEqual(new Set(['INSUFFICIENT_DATA']));
    expect(seen.indexOf('ALARM')).toBe(40 + 28);
  });
});
