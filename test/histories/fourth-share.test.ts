import { checkHistories } from './check-histories.ts';

checkHistories(3);
