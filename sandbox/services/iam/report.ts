import type { QueryOperation } from '../../http/operation.ts';

const generateCredentialReport: QueryOperation = {
  event: 'read',
  run(_params, call) {
    const state = call.world.report.generate();
    return {
      State: state,
      Description: state === 'STARTED' ? 'No report exists. Starting a new report generation task' : undefined,
    };
  },
};

const getCredentialReport: QueryOperation = {
  event: 'read',
  run(_params, call) {
    const report = call.world.report.get();
    return { Content: report.base64, ReportFormat: 'text/csv', GeneratedTime: new Date(report.generatedAt) };
  },
};

export const reportOperations = {
  GenerateCredentialReport: generateCredentialReport,
  GetCredentialReport: getCredentialReport,
};
