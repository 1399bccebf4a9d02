// Messages that the database keeps as JSON: the proto3 form, with the proto's field names.
// Thread safety: pure.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace snowfield::rpc {

// INTERNAL with `or_else` where it can't be written: a text that is not UTF-8.
absl::StatusOr<std::string> ToStoredJson(const google::protobuf::Message& message, std::string_view or_else);

// A newer server may have written fields that this one does not know: they are passed over. INTERNAL with `or_else`
// where it is not of the message's form.
absl::Status FromStoredJson(const std::string& json, google::protobuf::Message* message, std::string_view or_else);

}  // namespace snowfield::rpc
