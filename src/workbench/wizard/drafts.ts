import * as v from 'valibot';
import type * as vscode from 'vscode';
import type { PlanAnswers } from '../../assess/plan-answers';
import { changeDraftSchema, prerequisiteIdSchema, type ChangeDraft } from '../../protocol/wizard-state';

const draftsKey = 'drafts';
const said = v.nullable(v.string());
const answersSchema = v.object({
  scope: v.object({ systems: said, users: said, downtime: said }),
  deadline: said,
  confirmations: v.array(
    v.object({ id: prerequisiteIdSchema, name: v.string(), at: v.string(), note: v.string() }),
  ),
});
const savedSchema = v.record(
  v.string(),
  // A draft of before answers were kept has none.
  v.object({ folder: v.string(), draft: changeDraftSchema, answers: v.optional(answersSchema) }),
);
type Saved = v.InferOutput<typeof savedSchema>;

/** Changes that are not scaffolded yet, in workspaceState. */
export class Drafts {
  constructor(private readonly state: vscode.Memento) {}

  /** The draft and its workspace folder's URI; null when it is gone or unreadable. */
  read(id: string): Saved[string] | null {
    return this.all()[id] ?? null;
  }

  async save(id: string, folder: string, draft: ChangeDraft, answers: PlanAnswers): Promise<void> {
    await this.state.update(draftsKey, { ...this.all(), [id]: { folder, draft, answers } });
  }

  async remove(id: string): Promise<void> {
    const { [id]: _removed, ...others } = this.all();
    await this.state.update(draftsKey, others);
  }

  private all(): Saved {
    const parsed = v.safeParse(savedSchema, this.state.get(draftsKey));
    return parsed.success ? parsed.output : {};
  }
}
