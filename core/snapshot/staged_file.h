// StagedFile: a file that is there whole or not at all: written beside its place, synced, renamed.
// A file of that name stays as it was until commit. Used from one thread at a time.
#pragma once

#include "core/snapshot/text_sink.h"

namespace fleetglass::snapshot {

class StagedFile : public TextSink
{
public:
    static Result<StagedFile> create(std::string path);
    StagedFile(StagedFile&& other) noexcept;
    StagedFile& operator=(StagedFile&&) = delete;
    ~StagedFile() override; // Without commit nothing is left behind.

    Result<void> write(std::string_view text) override;
    // For a library that writes the file itself; what is appended afterwards stands behind it.
    const std::string& stagedPath() const { return m_stagedPath; }
    Result<void> append(std::string_view text);
    // The size of the finished file.
    Result<int64_t> commit();

private:
    StagedFile(std::string path, std::string stagedPath, int descriptor);
    tl::unexpected<Error> failed(const char* what) const;

    std::string m_path;
    std::string m_stagedPath;
    int m_descriptor = -1;
};

} // namespace fleetglass::snapshot
