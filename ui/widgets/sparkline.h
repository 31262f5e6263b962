// Sparkline: a small curve without axes, as a painter function for delegates and as a widget. Gaps
// (NaN) break the line. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/theme/tokens.h"

#include <QWidget>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace fleetglass::widgets {

struct SparkStyle
{
    QColor line;
    QColor fill {}; // Under the line; invalid: none.
    std::optional<double> threshold {};
    QColor thresholdColor {};
    bool lastDot = true;
    bool steps = false; // Counts of things change at once.
    double shadedFrom = 2; // Share of the width; over 1: none.
    QColor shade {};
    std::optional<double> low {}; // A scale shared with others; else the values' own.
    std::optional<double> high {};
};

void paintSparkline(
    QPainter& painter, const QRectF& rect, std::span<const double> values, const SparkStyle& style);

// What a neutral sparkline in a table or a cell looks like.
SparkStyle neutralSpark(const theme::Tokens& tokens);

class Sparkline : public QWidget
{
    Q_OBJECT

public:
    using Values = std::shared_ptr<const std::vector<double>>;

    explicit Sparkline(QWidget* parent = nullptr);
    void setValues(Values values);
    // The line takes the state's colour and a fill; nothing: neutral.
    void setState(std::optional<theme::State> state);
    void setSteps(bool steps);
    void setThreshold(std::optional<double> threshold, theme::State state = theme::State::Warning);
    QSize sizeHint() const override { return { 64, 36 }; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Values m_values;
    std::optional<theme::State> m_state;
    std::optional<double> m_threshold;
    theme::State m_thresholdState = theme::State::Warning;
    bool m_steps = false;
};

} // namespace fleetglass::widgets
