#include "app/query_source.h"

#include "core/snapshot/capsule_reader.h"
#include "core/snapshot/text_import.h"
#include "core/tsdb/store_file.h"
#include "core/tsdb/system_disk.h"

#include <filesystem>
#include <iostream>

namespace fleetglass::app {

bool isServerUrl(const std::string& source)
{
    return source.rfind("http://", 0) == 0 || source.rfind("https://", 0) == 0;
}

std::string recordingIn(const std::string& directory)
{
    return directory + "/recording.fgsnap";
}

namespace {

bool hasStoreFiles(const std::string& directory)
{
    std::error_code error;
    std::filesystem::directory_iterator place(directory, error);
    for (; !error && place != std::filesystem::directory_iterator(); place.increment(error)) {
        if (tsdb::FileName::parse(place->path().filename().string()))
            return true;
    }
    return false;
}

Result<std::unique_ptr<tsdb::RingStore>> openDirectory(
    const std::string& directory, const Clock& clock)
{
    if (!hasStoreFiles(directory) && std::filesystem::exists(recordingIn(directory)))
        return openSamples(recordingIn(directory), clock);
    if (!hasStoreFiles(directory))
        return failure(
            directory + ": no samples in this directory; `fleetglass record --data` keeps some",
            ErrorCode::NotFound);
    auto store = std::make_unique<tsdb::RingStore>(
        tsdb::RingStoreOptions {
            .retention = {}, .bytesMax = SIZE_MAX, .seriesMax = tsdb::kSeriesMaxCeiling },
        clock);
    tsdb::SystemDisk disk;
    const auto report = store->openDirectory(disk, directory, { .readOnly = true });
    if (!report)
        return failure(report.error());
    for (const auto& note : report->notes)
        std::cerr << "warning: " << note << '\n';
    return store;
}

} // namespace

Result<std::unique_ptr<tsdb::RingStore>> openSamples(const std::string& source, const Clock& clock)
{
    std::error_code error;
    const auto status = std::filesystem::status(source, error);
    if (!std::filesystem::exists(status))
        return failure(source + ": no such file or directory", ErrorCode::NotFound);
    if (std::filesystem::is_directory(status))
        return openDirectory(source, clock);
    if (snapshot::isCapsule(source)) {
        auto capsule = snapshot::readCapsule(source);
        if (!capsule)
            return failure(capsule.error());
        return std::move(capsule->store);
    }
    snapshot::ImportOptions options;
    options.timestampMsDefault = clock.wallMs(); // A page without times is as of now.
    auto imported = snapshot::importTextFile(source, options);
    if (!imported)
        return failure(imported.error());
    return std::move(imported->store);
}

} // namespace fleetglass::app
