// What of the API the desk talks about most.

import type { components } from "./api.js";

type Schemas = components["schemas"];
export type Item = Schemas["QueueItemView"];
export type Appeal = Schemas["AppealView"];
export type Author = Schemas["QueueAuthorView"];
export type Finding = Schemas["FindingView"];
export type Report = Schemas["ReportView"];
export type Note = Schemas["NoteView"];
export type LogEntry = Schemas["LogEntryView"];
export type Sanction = Schemas["SanctionView"];
export type SanctionStep = Schemas["SanctionStep"];
export type Story = Schemas["StoryView"];
export type Counts = Schemas["QueueCountsView"];
export type SavedQueue = Schemas["SavedQueueView"];
export type QueueEvent = Schemas["QueueEvent"];
export type Statistics = Schemas["StatisticsView"];
export type Simulation = Schemas["Simulation"];
export type QueueFilter = Schemas["QueueFilter"];
export type NoticedText = Schemas["NoticedTextView"];
export type ReceivedNotice = Schemas["ReceivedNoticeView"];
export type Case = Schemas["CaseView"];
export type CaseReport = Schemas["CaseReportView"];
export type Mention = Schemas["MentionView"];
export type Bulk = Schemas["BulkView"];
export type BulkPreview = Schemas["BulkPreviewView"];
export type Badge = Schemas["SiteBadgeView"];
