// What of the API the desk talks about most.

import type { components } from "./api.js";

type Schemas = components["schemas"];
export type Item = Schemas["QueueItemView"];
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
