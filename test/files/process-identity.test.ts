import { describe, expect, it } from 'vitest';
import { identifyProcess, startTicksIn, stateOfProcess } from '../../files/process-identity.ts';

const fields = (state: string) => `${state} 1 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 1000 0`;

describe('the start of a process', () => {
  it.each(['node', 'a (b) c', ') Z 1 2 3'])('is field 22, whatever the name of the process (%s)', (name) => {
    expect(startTicksIn(`42 (${name}) ${fields('S')}`)).toBe('987654');
  });

  it('is none for a zombie, which has ended', () => {
    expect(startTicksIn(`42 (node) ${fields('Z')}`)).toBeNull();
  });
});

describe('the state of a process', () => {
  it('is running for this one', () => {
    expect(stateOfProcess(identifyProcess())).toBe('running');
  });

  it('is running for one that belongs to someone else, or to the system', () => {
    expect(stateOfProcess(identifyProcess(1))).toBe('running');
  });

  it('is unknown for one of another host', () => {
    expect(stateOfProcess({ ...identifyProcess(), host: 'elsewhere' })).toBe('unknown');
  });
});
