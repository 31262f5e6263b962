// SnapshotsInspector: the chosen snapshot with its picture, what stays out of every file, and what
// was taken out of the last one. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/models/capsule_model.h"

#include <QWidget>

namespace fleetglass::widgets {
class InspectorSection;
class KeyButton;
class KeyValueList;
class PlainLabel;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

// A picture as wide as there is room, in its own proportions.
class PictureView : public QWidget
{
    Q_OBJECT

public:
    explicit PictureView(QWidget* parent = nullptr);
    void setPicture(const QPixmap& picture);
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return { 240, heightForWidth(240) }; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QPixmap m_picture;
};

class SnapshotsInspector : public QWidget
{
    Q_OBJECT

public:
    explicit SnapshotsInspector(QWidget* parent = nullptr);

    struct Content
    {
        const models::CapsuleRow* row = nullptr;
        QStringList staysOut;
        QString redactedFile;
        QStringList redacted;
    };
    void show(const Content& content);

signals:
    void openRequested();

private:
    widgets::InspectorSection* m_file;
    widgets::PlainLabel* m_name;
    PictureView* m_picture;
    widgets::KeyValueList* m_facts;
    widgets::KeyButton* m_open;
    widgets::InspectorSection* m_out;
    widgets::PlainLabel* m_outText;
    widgets::InspectorSection* m_taken;
    widgets::PlainLabel* m_takenFile;
    widgets::PlainLabel* m_takenText;
};

} // namespace fleetglass::pages
