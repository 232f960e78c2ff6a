import type { Paper, Picture } from '../view.ts';
import { drawProcessDialog } from '../view/process-dialogs.ts';
import { drawAlerts, mostAlertScroll } from './alerts-dialog.ts';
import { drawHelp, mostHelpScroll } from './help-dialog.ts';
import { drawMoment } from './moment-dialog.ts';
import { drawThemes } from './theme-dialog.ts';

/** Draws what lies above the boxes, if anything does, into the middle of the paper. */
export function drawDialog(paper: Paper, picture: Picture): void {
  const { dialog } = picture.state;
  if (dialog === null) return;
  switch (dialog.kind) {
    case 'help':
      return drawHelp(paper, picture, dialog.scroll);
    case 'alerts':
      return drawAlerts(paper, picture, dialog.scroll);
    case 'theme':
      return drawThemes(paper, dialog.chosen);
    case 'moment':
      return drawMoment(paper, dialog);
    default:
      return drawProcessDialog(paper, picture, dialog);
  }
}

/** The furthest that the dialog can be scrolled on a screen of this size; 0 for one that does not scroll. */
export function mostDialogScroll(picture: Picture, width: number, height: number): number {
  const kind = picture.state.dialog?.kind;
  if (kind === 'help') return mostHelpScroll(picture, height);
  return kind === 'alerts' ? mostAlertScroll(picture, width, height) : 0;
}
