import { openDatabase } from '../../../src/journey/database';
import { newChecklist, newPlanDocument, newRunbook } from '../../../src/journey/new-document';
import { testContext } from '../../support/journey-context';
import { parseConnectionUrl } from '../../../src/database/connection-url';
import type { ShopDatabase } from '../kit/shop-database';

/** One of each document that is had without a plan, with the sample shop's database connected. Gives their files. */
export async function standaloneDocuments(workspace: string, database: ShopDatabase): Promise<string[]> {
  const { connection, password } = parseConnectionUrl(database.url);
  const connected = await openDatabase({ ...connection, environment: 'staging' }, async () => password);
  const context = testContext(workspace);
  const title = 'Store prices in cents';
  const roles = ['Tech lead', 'Product owner', 'Stakeholders'];
  const changeType = 'data-format-change' as const;
  try {
    return [
      ...(await newPlanDocument(context, connected, {
        title,
        changeType,
        why: 'Sums of prices are rounded differently in each report.',
        current: 'Prices are numeric(10,2), and each report rounds sums in its own way.',
        target: 'Prices are whole cents in a bigint column, and every report adds those up.',
        systems: 'the shop, the reports',
        users: 'the accountants',
        dataVolume: null,
        downtime: 'none',
        strategy: null,
        startDate: new Date().toISOString().slice(0, 10),
        roles,
      })),
      ...(await newRunbook(context, connected, {
        title,
        changeType,
        environment: 'staging',
        service: 'the shop',
        flag: 'read-cents',
        releaseCommand: './deploy.sh --previous',
        backup: null,
        dashboard: 'the dashboard Orders',
        decider: 'the engineer on call',
        noReturn: null,
      })),
      ...(await newChecklist(context, connected, {
        title,
        changeType,
        backfill: true,
        flag: true,
        deprecationDays: 14,
        roles,
      })),
    ];
  } finally {
    await connected.close();
  }
}
