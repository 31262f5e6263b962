// CapsuleModel: the snapshots in a folder, newest first: picture, name, when written, what range,
// how large. Only names, sizes and times of files are read. Used from one thread at a time (the UI
// thread).
#pragma once

#include "ui/models/keyed_table.h"
#include "ui/theme/time_text.h"

#include <QPixmap>
#include <array>
#include <functional>
#include <optional>
#include <string>

class QFileInfo;

namespace fleetglass::models {

struct CapsuleSpan
{
    int64_t startMs = 0;
    int64_t endMs = 0;
    friend bool operator==(const CapsuleSpan&, const CapsuleSpan&) = default;
};

// "fleetglass-20261120T134140Z-3600s.fgsnap": the end of the range in UTC and its length.
QString capsuleName(const CapsuleSpan& span);
// Nothing for a name that was given by a person.
std::optional<CapsuleSpan> spanOfName(const QString& fileName);

struct CapsuleRow
{
    std::string key; // The path.
    QString path;
    int64_t createdMs = 0;
    int64_t bytes = 0;
    std::optional<CapsuleSpan> span;
    QPixmap thumbnail;
    std::array<QString, 5> cells;

    friend bool operator==(const CapsuleRow& a, const CapsuleRow& b)
    {
        return a.key == b.key && a.cells == b.cells
            && a.thumbnail.cacheKey() == b.thumbnail.cacheKey();
    }
};

class CapsuleModel : public KeyedTable<CapsuleRow>
{
    Q_OBJECT

public:
    enum Column
    {
        Picture,
        Name,
        Created,
        Range,
        Size,
        kColumns
    };
    static constexpr int kFilesMax = 2'000;

    explicit CapsuleModel(QObject* parent = nullptr);

    // The picture of a file where there is one; asked once for each state of a file.
    using PictureOf = std::function<QPixmap(const QFileInfo&)>;
    void setPictureOf(PictureOf pictureOf) { m_pictureOf = std::move(pictureOf); }
    // Lists the folder anew.
    void showFolder(const QString& folder, int64_t nowMs, const theme::Zone& zone);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(
        int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    CapsuleRow makeRow(const QFileInfo& file, int64_t nowMs, const theme::Zone& zone) const;

    PictureOf m_pictureOf;
};

} // namespace fleetglass::models
