import * as v from 'valibot';
import type * as vscode from 'vscode';
import { changeDraftSchema, type ChangeDraft } from '../../protocol/wizard-state';

const draftsKey = 'drafts';
const savedSchema = v.record(v.string(), v.object({ folder: v.string(), draft: changeDraftSchema }));
type Saved = v.InferOutput<typeof savedSchema>;

/** Changes that are not scaffolded yet, in workspaceState. */
export class Drafts {
  constructor(private readonly state: vscode.Memento) {}

  /** The draft and its workspace folder's URI; null when it is gone or unreadable. */
  read(id: string): Saved[string] | null {
    return this.all()[id] ?? null;
  }

  async save(id: string, folder: string, draft: ChangeDraft): Promise<void> {
    await this.state.update(draftsKey, { ...this.all(), [id]: { folder, draft } });
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
