// The file in which the command line keeps a simulated phone between its verbs.
// Thread safety: pure, but for the file.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/cli/phone/simulated_phone.h"

namespace snowfield::cli {

// FAILED_PRECONDITION, reason PHONE_FILE_UNREADABLE, with the mend.
absl::StatusOr<PhoneMemory> ReadPhoneFile(const std::string& path);

// With mode 0600, as it holds the phone's token and people's data. The file before stays whole until the new one is.
absl::Status WritePhoneFile(const std::string& path, const PhoneMemory& memory);

}  // namespace snowfield::cli
