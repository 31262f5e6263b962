// Chip: a state or a count in a rounded box, tinted or solid; as a button it filters. Solid chips:
// at most three in a view. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/theme/tokens.h"

#include <QAbstractButton>
#include <optional>

namespace fleetglass::widgets {

enum class ChipFill
{
    Tint,
    Solid
};

struct ChipLook
{
    std::optional<theme::State> state {}; // Nothing: neutral, on `raised`.
    ChipFill fill = ChipFill::Tint;
    bool outlined = false; // Chosen as a filter.
};

// For delegates: paints into the left of `rect`, returns the width.
int chipWidth(const QString& text, const QString& count, bool glyph, const QFont& font);
int paintChip(QPainter& painter, const QRect& rect, const QString& text, const QString& count,
    const ChipLook& look, const theme::Tokens& tokens, const QFont& font);

class Chip : public QAbstractButton
{
    Q_OBJECT

public:
    explicit Chip(const QString& text, std::optional<theme::State> state = {},
        ChipFill fill = ChipFill::Tint, QWidget* parent = nullptr);

    void setCount(int count); // Bold, after the text.
    void setCountText(const QString& count);
    void setLook(std::optional<theme::State> state, ChipFill fill);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_count;
    ChipLook m_look;
};

} // namespace fleetglass::widgets
