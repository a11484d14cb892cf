# SPDX-License-Identifier: Apache-2.0
TIMES = 2
