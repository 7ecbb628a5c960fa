import { testRenameByApplication } from './rename-by-application';

testRenameByApplication(18);
