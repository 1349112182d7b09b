import * as vscode from 'vscode';
import { CHECK_PAGE_REQUEST, type CheckPageParams } from '../../server/src/protocol.ts';
import { DOCUMENTATION_SCHEME, nameOf } from './language.ts';
import type { ServerLink } from './server-link.ts';

const REPORT = 'seccomp-report';
const MANUAL = 'seccomp-manual';

/** Documents that are on no disk: they are shown beside a profile. */
export interface Pages {
  /** Keeps the report on a profile, and shows it as rendered Markdown beside the editor. */
  putReport(profile: vscode.Uri, markdown: string): Promise<void>;
  /** Shows the last report on a profile again; false when there is none. */
  showReport(profile: vscode.Uri): Promise<boolean>;
  /** Shows a report on two profiles as rendered Markdown beside the editor. */
  showComparison(title: string, markdown: string): Promise<void>;
  showDocumentation(code: string): Promise<void>;
  /** Shows a page of the manual that `read` fetched. */
  showManual(title: string, text: string): Promise<void>;
}

export function registerPages(context: vscode.ExtensionContext, link: ServerLink): Pages {
  const reports = textStore(context, REPORT);
  const manual = textStore(context, MANUAL);
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(DOCUMENTATION_SCHEME, {
      provideTextDocumentContent: (uri) => checkPage(link, nameOf(uri).replace(/\.md$/, '')),
    }),
  );
  const showReport = async (profile: vscode.Uri): Promise<boolean> => {
    const uri = reportUri(profile);
    if (!reports.has(uri)) return false;
    await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
    return true;
  };
  return {
    showReport,
    putReport: async (profile, markdown) => {
      reports.put(reportUri(profile), markdown);
      await showReport(profile);
    },
    showComparison: async (title, markdown) => {
      const uri = vscode.Uri.from({ scheme: REPORT, path: `/${title}.md` });
      reports.put(uri, markdown);
      await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
    },
    showDocumentation: async (code) => {
      const uri = vscode.Uri.from({ scheme: DOCUMENTATION_SCHEME, path: `/${code}.md` });
      await vscode.commands.executeCommand('vscode.open', uri);
    },
    showManual: async (title, text) => {
      const uri = vscode.Uri.from({ scheme: MANUAL, path: `/${title}` });
      manual.put(uri, text);
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
    },
  };
}

/** Named for readers; what makes it unique is the query. */
const reportUri = (profile: vscode.Uri): vscode.Uri =>
  vscode.Uri.from({ scheme: REPORT, path: `/Test of ${nameOf(profile)}.md`, query: profile.toString() });

async function checkPage(link: ServerLink, code: string): Promise<string> {
  const client = await link.client();
  const params: CheckPageParams = { code };
  const page = await client.sendRequest<string | null>(CHECK_PAGE_REQUEST, params);
  return page ?? `There is no diagnostic \`${code}\`.`;
}

interface TextStore {
  has(uri: vscode.Uri): boolean;
  put(uri: vscode.Uri, text: string): void;
}

/** Texts by address, shown as read-only documents of a scheme. */
function textStore({ subscriptions }: vscode.ExtensionContext, scheme: string): TextStore {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  subscriptions.push(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? 'This text is not kept any more.',
    }),
  );
  return {
    has: (uri) => texts.has(uri.toString()),
    put: (uri, text) => {
      texts.set(uri.toString(), text);
      changed.fire(uri);
    },
  };
}
