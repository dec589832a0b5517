import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import { NightlySchedule } from '../../lib/nightly-schedule.ts';
import { quickApp } from './synth.ts';

const MINUTE = 60_000;

function scheduleFor(at: string, flexibleWindow: number) {
  const stack = new Stack(quickApp(), 'Stack');
  const target = LambdaFunction.fromFunctionAttributes(stack, 'Target', {
    functionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:audit',
    sameEnvironment: true,
  });
  new NightlySchedule(stack, 'Schedule', { when: { at, timezone: 'UTC', flexibleWindow }, target });
  return Object.values(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule'))[0]?.Properties;
}

describe('NightlySchedule', () => {
  it.each([
    ['00:00', 'cron(0 0 * * ? *)'],
    ['02:30', 'cron(30 2 * * ? *)'],
    ['09:08', 'cron(8 9 * * ? *)'],
    ['23:59', 'cron(59 23 * * ? *)'],
  ])('starts every day at %s', (at, expression) => {
    expect(scheduleFor(at, 0).ScheduleExpression).toBe(expression);
  });

  it.each([
    [0, { Mode: 'OFF' }],
    [1, { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1 }],
    [1440, { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1440 }],
  ])('has a flexible window of %d minutes', (minutes, window) => {
    expect(scheduleFor('02:30', minutes * MINUTE).FlexibleTimeWindow).toEqual(window);
  });

  it.each(['24:00', '2:30', '02:60', '02:30:00', ''])('refuses the time %j', (at) => {
    expect(() => scheduleFor(at, 0)).toThrow(
      expect.objectContaining({ code: 'PolicyInvalid', message: `deployment.schedule.at is ${JSON.stringify(at)}` }),
    );
  });

  it.each([-1, 0.5, 1441])('refuses a flexible window of %d minutes', (minutes) => {
    expect(() => scheduleFor('02:30', minutes * MINUTE)).toThrow(
      expect.objectContaining({
        code: 'PolicyInvalid',
        message: `deployment.schedule.flexibleWindow is ${minutes} minutes`,
      }),
    );
  });
});
