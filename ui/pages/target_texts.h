// TargetTexts: request, response headers, relabel steps, config and the whole story of a target as
// lines of text. All of it comes masked from the view. Pure functions; thread-safe.
#pragma once

#include "core/view/target_view.h"
#include "ui/theme/time_text.h"
#include "ui/widgets/raw_text.h"

namespace fleetglass::pages {

QVector<widgets::RawLine> responseLines(
    const view::TargetView& target, const view::TargetDetailView& detail);
QVector<widgets::RawLine> requestLines(
    const view::TargetView& target, const view::TargetDetailView& detail);
QVector<widgets::RawLine> headerLines(const view::TargetDetailView& detail);
QVector<widgets::RawLine> relabelLines(const view::TargetDetailView& detail);
QVector<widgets::RawLine> configLines(const view::TargetDetailView& detail);
// What changed from one kept page to another; null: there is none.
QVector<widgets::RawLine> differenceLines(
    const view::KeptBodyView* older, const view::KeptBodyView* newer);
// Which rule dropped or changed which series. Numbers are those of the page's lines.
QVector<widgets::RawLine> sampleTraceLines(const view::SampleTraceView& trace,
    const QString& filter, int64_t nowMs, const theme::Zone& zone);

// The targets that relabelling dropped, with the rule that did.
QVector<widgets::RawLine> droppedLines(const std::vector<view::DroppedTargetView>& targets);

// Whether the tab "Raw response" shows the body or, where none came, what happened before.
bool showsBody(const view::TargetDetailView& detail);

// For "Copy as text": what a colleague needs to know.
QString storyOf(const view::TargetView& target, const view::TargetDetailView* detail, int64_t nowMs,
    const theme::Zone& zone);

} // namespace fleetglass::pages
