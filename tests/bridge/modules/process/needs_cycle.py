# SPDX-License-Identifier: Apache-2.0
import needs_cycle.part
