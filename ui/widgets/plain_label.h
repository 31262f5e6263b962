// PlainLabel: the only label of the window: plain text, clipped, in one of the inks, following the
// theme. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/ink.h"

#include <QLabel>
#include <optional>
#include <string_view>

namespace fleetglass::widgets {

class PlainLabel : public QLabel
{
    Q_OBJECT

public:
    explicit PlainLabel(QWidget* parent = nullptr);
    explicit PlainLabel(const QString& text, theme::Ink ink = theme::Ink::Text,
        theme::TextRole role = theme::TextRole::Body, QWidget* parent = nullptr);

    // Clipped to 256 characters, its control characters replaced; also the tool tip when elided.
    void setText(const QString& text);
    void setText(std::string_view utf8);
    void setInk(theme::Ink ink);
    void setRole(theme::TextRole role);
    // Before the first line, in the ink of the text: a state is never told by colour alone.
    void setGlyph(std::optional<theme::Glyph> glyph);
    // One line that ends with an ellipsis where it does not fit.
    void setElided(bool elided);

    QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void follow();

    theme::Ink m_ink = theme::Ink::Text;
    theme::TextRole m_role = theme::TextRole::Body;
    std::optional<theme::Glyph> m_glyph;
    bool m_elided = false;
};

} // namespace fleetglass::widgets
