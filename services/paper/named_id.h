// Ids that a name gives, so that who asks again gets the same. Thread safety: pure.
#pragma once

#include <string_view>

#include "base/uuid.h"

namespace snowfield::paper {

// A UUID of version 8 (RFC 9562, 5.8) over SHA-256.
base::Uuid IdOfName(std::string_view name);

}  // namespace snowfield::paper
